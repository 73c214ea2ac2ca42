import { readFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { fileURLToPath } from 'node:url'

export const LANGUAGES = ['en', 'zh'] as const

export type DocumentLanguage = (typeof LANGUAGES)[number]

/** Path of the document `name` in `language`. */
export function documentPath(name: string, language: DocumentLanguage): string {
  const suffix = language === 'en' ? '.md' : '.zh-CN.md'
  return fileURLToPath(new URL(`../../docs/${name}${suffix}`, import.meta.url))
}

export function documentText(name: string, language: DocumentLanguage): string {
  return readFileSync(documentPath(name, language), 'utf8')
}

/** `text` as `npm run format` leaves it, so that a generated document passes the format check. */
export async function formatted(text: string, path: string): Promise<string> {
  return format(text, { ...(await resolveConfig(path)), parser: 'markdown' })
}

/** A row of a Markdown table. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heading, heading.map(() => '---'), ...rows].map(tableRow).join('\n')
}
