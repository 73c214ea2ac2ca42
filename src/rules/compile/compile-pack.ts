import { failureOf, success, type Result } from '../../errors/problem.ts'
import type { CompiledPack } from '../compiled.ts'
import type { Benefit, CounterDefinition, RulePack } from '../pack.ts'
import { compileBenefit } from './benefits.ts'
import { compileCondition } from './conditions.ts'
import { compileExact } from './exact.ts'
import { packScope, type PackScope } from './pack-scope.ts'
import { compileAmount } from './values.ts'

/**
 * A pack ready to run: every expression checked and turned into a closure, every table into a lookup. All problems
 * are collected, each with its path. Whether tables are complete is `analyseTable`'s question.
 */
export function compilePack(pack: RulePack): Result<CompiledPack> {
  const scope = packScope(pack)
  const compiled = compileInto(scope)
  return scope.problems.length > 0 ? failureOf(scope.problems) : success(compiled)
}

/** Compiles the pack of `scope`, which gathers its problems and expressions; runnable only without problems. */
export function compileInto(scope: PackScope): CompiledPack {
  const { pack } = scope
  const compiled: CompiledPack = {
    pack,
    covers: pack.covers === undefined ? undefined : compileCondition(pack.covers, scope, 'bill'),
    packages: pack.packages.map((price, index) => ({
      price,
      when: compileCondition(price.when, scope, 'bill'),
      standard: compileAmount(price.standard, 'money', scope, `packages[${index}].standard`),
    })),
    benefits: pack.benefits.map((benefit, index) =>
      compileBenefit(benefit, scope, `benefits[${index}]`),
    ),
    finestPeriod: finestPeriod(pack),
    policyYears: policyYears(pack),
    basis: pack.effective.by,
  }
  compileUnusedParameters(scope)
  return compiled
}

/** What no benefit uses is compiled too, so that its mistakes are found before an amendment brings it into use. */
function compileUnusedParameters(scope: PackScope): void {
  const used = new Set(
    [...scope.amounts.keys(), ...scope.rates.keys(), ...scope.exacts.keys()].map((key) =>
      key.slice(key.indexOf(':') + 1),
    ),
  )
  for (const [name, value] of Object.entries(scope.pack.parameters)) {
    if (!used.has(name)) compileExact(value, 'factor', scope, `parameters.${name}`)
  }
}

function finestPeriod(pack: RulePack): CompiledPack['finestPeriod'] {
  const periods = new Set(pack.benefits.flatMap(movedCounters).map(({ period }) => period.type))
  if (periods.has('day')) return 'day'
  return periods.has('month') ? 'month' : 'year'
}

function policyYears({ benefits }: RulePack): readonly number[] {
  const years = benefits.flatMap(movedCounters).flatMap(({ period }) => {
    if (period.type === 'policyYear') return [1]
    return period.type === 'policyYears' ? [period.years] : []
  })
  return [...new Set(years)]
}

/** Every counter that a benefit moves. */
function movedCounters(benefit: Benefit): readonly CounterDefinition[] {
  const { bands, counts, deductible, itemLimits, limits } = benefit
  const counters = [
    deductible?.counter,
    bands?.counter,
    ...itemLimits.map((limit) => limit.counter),
    ...limits.map((limit) => limit.counter),
    ...counts.map((count) => count.counter),
  ]
  return counters.filter((counter) => counter !== undefined)
}
