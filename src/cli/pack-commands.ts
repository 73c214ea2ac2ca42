import { formatEpochDay } from '../catalog/epoch-day.ts'
import type { Problem } from '../errors/problem.ts'
import { compilePack } from '../rules/compile/compile-pack.ts'
import type { RulePack } from '../rules/pack.ts'
import { checkPath, type CheckedPath } from './check-packs.ts'
import { defaultProfile } from '../cases/default-profile.ts'
import { packChanges, wholeItems, type ShownChange } from '../rules/diff/pack-changes.ts'
import { flatPackAt } from './diff-packs.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { inline, type ShownLanguage } from './language.ts'
import { readAllPackFiles } from './load-rules.ts'
import { runPackCases, type CaseOutcome } from '../cases/pack-cases.ts'
import { located } from './pack-sources.ts'
import { problemData, problemTexts } from './problem-text.ts'
import { writeNewFile } from './new-file.ts'
import { stepsText } from './render/steps-text.ts'
import { refusedWith, type OutputOptions } from './refused.ts'
import { SKELETON } from './skeleton.ts'
import type { Terminal } from './terminal.ts'

/** `qingfen pack test`: runs the embedded cases; with `explain` the ones that differ step by step. */
export function testCommand(
  paths: readonly string[],
  options: OutputOptions & { readonly explain?: boolean },
  terminal: Terminal,
): ExitCode {
  const problems: Problem[] = []
  const outcomes: CaseOutcome[] = []
  for (const path of paths) {
    const checked = checkPath(path)
    for (const item of checked.problems) problems.push(item)
    if (checked.problems.length === 0) outcomes.push(...outcomesOf(checked))
  }
  if (problems.length > 0) return refusedWith(problems, options, terminal)
  const failed = outcomes.filter((outcome) => outcome.problems.length > 0)
  if (options.json) {
    const cases = outcomes.map(({ name, pack, problems: found, where }) => {
      return { pack, name, where, problems: found.map(problemData) }
    })
    terminal.print(JSON.stringify({ passed: outcomes.length - failed.length, cases }, null, 2))
  } else {
    terminal.print(outcomesText(outcomes, options, terminal.columns))
  }
  return failed.length === 0 ? EXIT.ok : EXIT.refused
}

function outcomesOf({ files, sources }: CheckedPath): readonly CaseOutcome[] {
  if (files === undefined) return []
  const { origins, packs } = files
  return packs.flatMap((pack) => {
    const compiled = compilePack(pack)
    if (!compiled.ok) return []
    return runPackCases(compiled.value, defaultProfile()).map((outcome) => ({
      ...outcome,
      problems: located(outcome.problems, pack, sources, origins),
    }))
  })
}

function firstDay({ effective }: RulePack): string {
  return formatEpochDay(effective.from)
}

function outcomesText(
  outcomes: readonly CaseOutcome[],
  { explain = false, lang: shown }: OutputOptions & { readonly explain?: boolean },
  columns: number,
): string {
  const failed = outcomes.filter((outcome) => outcome.problems.length > 0).length
  const rows = outcomes.flatMap(({ name, pack, problems, settlement }) => {
    const row = `${problems.length === 0 ? '✓' : '✗'} ${pack}  ${name}`
    if (problems.length === 0) return row
    const steps = explain && settlement !== undefined ? stepsText(settlement, shown, columns) : []
    return [row, problemTexts(problems, shown, columns), ...steps]
  })
  const zh = `${outcomes.length} 个算例，${failed} 个不符`
  const en = `${outcomes.length} cases, ${failed} of them differ`
  const hint = failed > 0 && !explain ? [inline(EXPLAIN_HINT, shown)] : []
  return [...rows, inline({ zh, en }, shown), ...hint].join('\n')
}

const EXPLAIN_HINT = {
  zh: '加 --explain 逐步说明不符的算例',
  en: 'add --explain to see the steps of the cases that differ',
}

/** `qingfen pack show`: what the packs say, in short, or all of it as JSON. */
export function showCommand(
  paths: readonly string[],
  options: OutputOptions,
  terminal: Terminal,
): ExitCode {
  const files = readAllPackFiles(paths)
  if (!files.ok) return refusedWith(files.problems, options, terminal)
  if (options.json) {
    const packs = files.value.packs.map((pack) => {
      const { parameterSlots: _, ...rules } = pack
      return rules
    })
    terminal.print(JSON.stringify({ packs, profiles: files.value.profiles }, null, 2))
  } else {
    terminal.print(files.value.packs.map((pack) => packText(pack, options.lang)).join('\n\n'))
  }
  return EXIT.ok
}

function packText(pack: RulePack, shown: ShownLanguage): string {
  const { effective, hash, id, kind, payer, source, title } = pack
  const to = effective.to === undefined ? '…' : formatEpochDay(effective.to)
  return [
    `${id}  ${inline(title, shown)}`,
    `  ${kind}  ${firstDay(pack)} – ${to}  ${hash.slice(0, 12)}`,
    `  ${inline({ zh: '支付方', en: 'payer' }, shown)}: ${inline(payer.name, shown)}`,
    `  ${inline({ zh: '依据', en: 'source' }, shown)}: ${source}`,
    ...pack.benefits.map((benefit) => {
      return `  - ${benefit.id}  ${inline(benefit.title, shown)}  〔${benefit.clause}〕`
    }),
    `  ${inline({ zh: '算例', en: 'cases' }, shown)}: ${pack.cases.length}`,
  ].join('\n')
}

/** `qingfen pack diff`: what differs between two versions; exit code 1 when anything does. */
export function diffCommand(
  [before, after]: readonly [string, string],
  options: OutputOptions & { readonly pack?: string },
  terminal: Terminal,
): ExitCode {
  const [left, right] = [flatPackAt(before, options.pack), flatPackAt(after, options.pack)]
  if (!left.ok) return refusedWith(left.problems, options, terminal)
  if (!right.ok) return refusedWith(right.problems, options, terminal)
  const changes = packChanges(left.value, right.value)
  if (options.json) terminal.print(JSON.stringify({ changes }, null, 2))
  else if (changes.length === 0) {
    terminal.print(inline({ zh: '两个版本相同', en: 'the versions are the same' }, options.lang))
  } else {
    const shown = wholeItems(changes, left.value, right.value)
    terminal.print(shown.map((change) => changeText(change, options.lang)).join('\n'))
  }
  return changes.length === 0 ? EXIT.ok : EXIT.refused
}

function changeText({ path, before, after, whole }: ShownChange, shown: ShownLanguage): string {
  const none = inline({ zh: '（无）', en: '(none)' }, shown)
  if (whole === 'removed') return `${path}\n  - ${inline({ zh: '整项', en: 'all of it' }, shown)}`
  if (whole === 'added') return `${path}\n  + ${inline({ zh: '整项', en: 'all of it' }, shown)}`
  return `${path}\n  - ${before ?? none}\n  + ${after ?? none}`
}

/** `qingfen pack new`: prints the skeleton, or writes it to a file that does not exist yet. */
export function newCommand(
  file: string | undefined,
  options: OutputOptions,
  terminal: Terminal,
): ExitCode {
  if (file === undefined) {
    terminal.print(options.json ? JSON.stringify({ text: SKELETON }) : SKELETON.trimEnd())
    return EXIT.ok
  }
  const written = writeNewFile(file, SKELETON)
  if (!written.ok) return refusedWith(written.problems, options, terminal)
  const zh = `已写入 ${file}；接着运行 qingfen pack check ${file}`
  const en = `wrote ${file}; next run qingfen pack check ${file}`
  const text = options.json ? JSON.stringify({ file }) : inline({ zh, en }, options.lang)
  terminal.print(text)
  return EXIT.ok
}
