import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readAllPackFiles } from '../../src/cli/load-rules.ts'
import { TABLES } from '../../src/engine/ports.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { given } from '../store/places.ts'
import { Town, type Tree } from '../engine/replay/town.ts'

const PROFILE = `
profile: town
title: { zh: 小镇, en: Town }
source: 命令测试
effective: { from: 2020-01-01 }
---
`

export const BASIC = (rate: string, more = '') => `
pack: town/basic
kind: basic
title: { zh: 小镇职工医保, en: Town employees }
payer: { id: town-fund, wire: hifp_pay, name: { zh: 小镇统筹基金, en: Town fund } }
effective: { from: 2020-01-01 }
source: 甲文件 ${rate}
benefits:
  - id: all
    clause: 一
    base: [inScope]
    deductible: { per: year, amount: 100.00 }
    rate: ${rate}
${more}`

export const PLAN = `
pack: town/plan
kind: commercial
title: { zh: 小镇惠民保, en: Town citizen plan }
payer: { id: town-insurer, name: { zh: 小镇惠民保共保体, en: Town plan pool } }
effective: { from: 2020-01-01 }
source: 乙条款
requires: policy
benefits:
  - id: rest
    clause: 二
    base: [inScope, ownPay]
    deductible: { per: policyYear, amount: 30.00 }
    rate: 40%
  - id: days
    clause: 三
    when: visit.kind == "inpatient"
    fixed: { per: day, amount: 12.50 }
`

/** A folder with files of packs and room for a ledger. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'qingfen-replay-'))
  readonly ledger = join(this.folder, 'ledger')

  file(name: string, text: string): string {
    const path = join(this.folder, 'packs', name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, text.trim())
    return path
  }

  /** The profile with some packs. */
  rules(name: string, ...packs: readonly string[]): string {
    return this.file(name, PROFILE + packs.map((text) => text.trim()).join('\n---\n'))
  }

  /** Publishes what a file holds, and activates every pack of it, in May 2024. */
  async install(path: string): Promise<void> {
    const { packs, profiles } = given(readAllPackFiles([path]))
    const [profile] = profiles
    await this.onTown(async (town) => {
      given(await town.engine.rules.publish({ packs, ...(profile !== undefined && { profile }) }))
      for (const pack of packs) await town.activate(pack, '2020-01-01')
    })
  }

  /** Every row of the ledger. */
  async rows(): Promise<readonly string[]> {
    const store = given(await openLedgerStore(this.ledger))
    const rows = TABLES.flatMap((table) =>
      [...store.range(table)].map(({ key, value }) => {
        return `${table} ${JSON.stringify(key)} ${Buffer.from(value).toString('hex')}`
      }),
    )
    await store.close()
    return rows
  }

  /** Works on the ledger with an engine of its own. */
  async onTown<T>(work: (town: Town) => Promise<T>): Promise<T> {
    const store = given(await openLedgerStore(this.ledger))
    try {
      const town = await Town.open('2024-05-10', store)
      const done = await work(town)
      await town.engine.close()
      return done
    } finally {
      await store.close()
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Settlements of twelve persons with lines of several charge types, one of them taken back. */
export async function settleSome(town: Town): Promise<readonly Tree[]> {
  await town.register(12)
  const settled: Tree[] = []
  for (let index = 0; index < 12; index += 1) {
    const lines = [
      { id: `A${index}`, name: '西药', chargeType: '09', inScope: `${1000 + index * 137}.25` },
      { id: `B${index}`, name: '检查', chargeType: '03', inScope: '300.00', ownPay: '45.50' },
      { id: `C${index}`, name: '床位', inScope: '150.00' },
    ]
    settled.push(await town.settle({ person: `P${index}`, more: { lines } }))
  }
  await town.ask('reverse', { settlement: settled[0]?.['settlement'] })
  return settled
}
