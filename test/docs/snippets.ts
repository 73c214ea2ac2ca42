/**
 * An example of a document: a fenced block whose first word is its language and whose second says what it is.
 *
 * `yaml pack`: a whole file; `yaml part`: some top-level keys of a pack; `yaml benefit`: a list of benefits;
 * `yaml profile`; `yaml bill`; `csv <path>`: a file that packs of the same document name.
 */
export interface Snippet {
  readonly language: string
  readonly kind: string
  readonly text: string
  /** Line of the fence in the document, from 1. */
  readonly line: number
}

/** Every fenced block of a Markdown document that names a language. */
export function snippetsOf(document: string): readonly Snippet[] {
  return [...document.matchAll(/^```(\w+)(?: +(\S+))?\n(.*?)^```$/gms)].map((match) => ({
    language: match[1] ?? '',
    kind: match[2] ?? '',
    text: match[3] ?? '',
    line: document.slice(0, match.index).split('\n').length,
  }))
}

/** What a part of a pack gets unless it says it itself. */
const PACK_HEAD: Readonly<Record<string, string>> = {
  pack: 'demo/fragment',
  kind: 'commercial',
  payer: '{ id: demo }',
  effective: '{ from: 2024-01-01 }',
  source: '示例条款',
  requires: 'policy',
}

/** The file a pack snippet stands for. */
export function packText({ kind, text }: Snippet): string {
  if (kind === 'benefit') return `${head(PACK_HEAD, '')}benefits:\n${indented(text)}`
  return kind === 'part' ? head(PACK_HEAD, text) + text : text
}

/** What a bill gets unless it says it itself. */
const BILL_HEAD: Readonly<Record<string, string>> = {
  person: '{ id: P }',
  hospital: '{ id: H }',
  settlementDate: '2024-12-31',
}

/** The bill a snippet stands for; its visit is V where it states no id. */
export function billText({ text }: Snippet): string {
  return head(BILL_HEAD, text) + text.replace(/^visit: \{(?! id:)/m, 'visit: { id: V,')
}

/** The keys of `defaults` that `text` does not state. */
function head(defaults: Readonly<Record<string, string>>, text: string): string {
  return Object.entries(defaults)
    .filter(([key]) => !new RegExp(`^${key}:`, 'm').test(text))
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}
