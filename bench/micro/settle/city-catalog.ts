import type { Catalog } from '../../../src/catalog/catalog.ts'
import { compileCatalog } from '../../../src/catalog/compile.ts'
import { openCatalog } from '../../../src/catalog/open.ts'
import { parseCatalogCsv } from '../../../src/catalog/parse-csv.ts'
import { parseCatalogRows } from '../../../src/catalog/parse-rows.ts'
import { drawsFrom, pick, valueOf } from './setup.ts'

export const REGION = '990100'
const CODES = 2_000

/** An item of the catalogue as the bill of a peer states it: its class, and its first self-pay as a rate. */
export interface CityItem {
  readonly code: string
  readonly name: string
  readonly chargeType: string
  readonly level: 'A' | 'B' | 'C'
  readonly selfPayPercent: number
  /** Has a price ceiling or a quantity limit, which the peers are not asked for. */
  readonly limited: boolean
}

export interface CityCatalog {
  readonly catalog: Catalog
  /** The compiled catalogue, as a ledger keeps it. */
  readonly image: SharedArrayBuffer
  readonly items: readonly CityItem[]
}

/** 2,000 items: 55 % class A, 35 % class B at 5 to 30 %, 10 % class C; a fifth has a ceiling or a daily quantity. */
export function cityCatalog(): CityCatalog {
  const draw = drawsFrom(20_250_101)
  const items: CityItem[] = []
  const lines = [
    'insu_admdvs,med_list_codg,med_list_name,chrgitm_lv,med_chrgitm_type,begndate,selfpay_prop,pric_uplmt_amt,day_limit',
  ]
  for (let index = 0; index < CODES; index += 1) {
    const share = draw(100)
    const level = share < 55 ? 'A' : share < 90 ? 'B' : 'C'
    const selfPayPercent = level === 'A' ? 0 : level === 'B' ? pick([5, 10, 20, 30], draw) : 100
    const limit = level === 'C' ? 'none' : pick(LIMITS, draw)
    const item: CityItem = {
      code: `C${String(index).padStart(4, '0')}`,
      name: `项目${index}`,
      chargeType: pick(['03', '04', '05', '08', '09', '10', '11'], draw),
      level,
      selfPayPercent,
      limited: limit !== 'none',
    }
    items.push(item)
    lines.push(csvRow(item, limit, 20 + draw(800)))
  }
  const rows = valueOf(parseCatalogRows(valueOf(parseCatalogCsv(`${lines.join('\n')}\n`)), {}))
  const image = valueOf(compileCatalog(rows))
  return { catalog: valueOf(openCatalog(image)), image, items }
}

const LIMITS = ['none', 'none', 'none', 'none', 'none', 'none', 'none', 'none', 'price', 'day']

function csvRow(item: CityItem, limit: string, ceilingYuan: number): string {
  const rate = item.level === 'C' ? '' : `${item.selfPayPercent}%`
  const ceiling = limit === 'price' ? `${ceilingYuan}.00` : ''
  const dayLimit = limit === 'day' ? '10' : ''
  const { code, name, level, chargeType } = item
  const levelCode = { A: '01', B: '02', C: '03' }[level]
  return [REGION, code, name, levelCode, chargeType, '2025-01-01', rate, ceiling, dayLimit].join()
}
