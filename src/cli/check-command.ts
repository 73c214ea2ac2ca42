import { formatEpochDay } from '../catalog/epoch-day.ts'
import type { Problem } from '../errors/problem.ts'
import type { Bilingual } from '../rules/pack.ts'
import {
  checkPath,
  searchPath,
  type CheckedPath,
  type Searched,
  type Shown,
} from './check-packs.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { worded, type ShownLanguage } from './language.ts'
import { problemData, problemTexts } from './problem-text.ts'
import type { OutputOptions } from './refused.ts'
import type { Terminal } from './terminal.ts'

/** Everything a check of several paths found. */
interface Checked {
  readonly paths: readonly CheckedPath[]
  readonly searched: readonly Searched[]
}

/**
 * `qingfen pack check`: everything wrong with the packs below the paths; then, when nothing is, what trying bills on
 * them says. Notes do not fail the check.
 */
export function checkCommand(
  paths: readonly string[],
  options: OutputOptions,
  terminal: Terminal,
): ExitCode {
  const checked = paths.map((path) => checkPath(path))
  const isSound = checked.every(({ problems }) => problems.length === 0)
  const found = { paths: checked, searched: isSound ? searchedOnce(checked) : [] }
  const errors = errorsOf(found)
  if (options.json) terminal.print(JSON.stringify(checkedData(found), null, 2))
  else {
    if (errors.length > 0) terminal.complain(problemTexts(errors, options.lang, terminal.columns))
    terminal.print(summaryText(found, errors.length, options.lang, terminal.columns))
  }
  return errors.length === 0 ? EXIT.ok : EXIT.refused
}

/** Jurisdictions that share packs say the same of them: once is enough. */
function searchedOnce(paths: readonly CheckedPath[]): readonly Searched[] {
  const seen = new Set<string>()
  const isNew = ({ problem: { code, column, file, line, where } }: Shown) => {
    const key = JSON.stringify([code, where, file, line, column])
    return seen.has(key) ? false : seen.add(key) !== undefined
  }
  return paths.flatMap(searchPath).map((searched) => ({
    ...searched,
    errors: searched.errors.filter(isNew),
    notes: searched.notes.filter(isNew),
  }))
}

function errorsOf({ paths, searched }: Checked): readonly Problem[] {
  const texts = paths.flatMap(({ problems }) => problems)
  return [...texts, ...searched.flatMap(({ errors }) => errors.map(({ problem }) => problem))]
}

function checkedData({ paths, searched }: Checked): object {
  const files = paths.flatMap((checked) => checked.files ?? [])
  return {
    packs: files.flatMap(({ packs }) =>
      packs.map(({ effective, hash, id }) => ({ id, from: formatEpochDay(effective.from), hash })),
    ),
    profiles: files.flatMap(({ profiles }) => profiles.map(({ id }) => id)),
    searches: searched.map(({ bills, jurisdiction: { packs, place, profile } }) => ({
      place,
      profile: profile.id,
      versions: packs.length,
      bills,
    })),
    problems: [
      ...paths.flatMap(({ problems }) => problems.map(problemData)),
      ...searched.flatMap(({ errors }) => errors.map(shownData)),
    ],
    notes: searched.flatMap(({ notes }) => notes.map(shownData)),
  }
}

function shownData({ bill, problem }: Shown): object {
  return { ...problemData(problem), bill }
}

/** What was looked at and with what end, then the notes. */
function summaryText(
  { paths, searched }: Checked,
  errorCount: number,
  shown: ShownLanguage,
  columns: number,
): string {
  const files = paths.flatMap((checked) => checked.files ?? [])
  const packs = files.reduce((sum, one) => sum + one.packs.length, 0)
  const profiles = files.reduce((sum, one) => sum + one.profiles.length, 0)
  const notes = searched.flatMap((one) => one.notes.map(({ problem }) => problem))
  const lines = [
    verdict({ packs, profiles, errors: errorCount, notes: notes.length }),
    ...searched.map(searchedLine),
  ].flatMap((text) => worded(text, shown))
  return notes.length === 0
    ? lines.join('\n')
    : [...lines, '', problemTexts(notes, shown, columns)].join('\n')
}

interface Counts {
  readonly packs: number
  readonly profiles: number
  readonly errors: number
  readonly notes: number
}

function verdict({ errors, notes, packs, profiles }: Counts): Bilingual {
  const [zh, en] = errors === 0 ? ['通过', 'passed'] : ['未通过', 'not passed']
  const zhFound = `${errors === 0 ? '没有错误' : `${errors} 处错误`}，${notes} 条提示`
  const enFound = `${errors === 0 ? 'no errors' : count(errors, 'error')}, ${count(notes, 'note')}`
  if (packs + profiles === 0) return { zh: `${zh}：${zhFound}`, en: `${en}: ${enFound}` }
  return {
    zh: `${zh}：${packs} 个政策包版本，${profiles} 个统筹区配置，${zhFound}`,
    en: `${en}: ${count(packs, 'version')} of packs, ${count(profiles, 'profile')}, ${enFound}`,
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function searchedLine({ bills, jurisdiction }: Searched): Bilingual {
  const { hasProfile, packs, place, profile } = jurisdiction
  const named = {
    zh: hasProfile ? `，配置 ${profile.id}` : '',
    en: hasProfile ? `, profile ${profile.id}` : '',
  }
  return {
    zh: `  ${place}${named.zh}：${packs.length} 个版本在一起，试算了 ${bills} 张账单`,
    en: `  ${place}${named.en}: tried ${count(bills, 'bill')} on ${count(packs.length, 'version')} together`,
  }
}
