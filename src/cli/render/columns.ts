import stringWidth from 'string-width'

/** Columns of a terminal that `text` takes: a Chinese character takes two. */
export function widthOf(text: string): number {
  return stringWidth(text)
}

export type Alignment = 'left' | 'right'

/** `text` in exactly `width` columns; longer text ends in "…". */
export function fit(text: string, width: number, alignment: Alignment = 'left'): string {
  const short = widthOf(text) <= width ? text : `${headOf(text, width - 1)}…`
  const space = ' '.repeat(Math.max(0, width - widthOf(short)))
  return alignment === 'left' ? short + space : space + short
}

/** As much of the beginning as fits into `width` columns. */
function headOf(text: string, width: number): string {
  let head = ''
  for (const character of text) {
    if (widthOf(head + character) > width) break
    head += character
  }
  return head
}

/** Lines of at most `width` columns, broken between Chinese characters or at spaces; a longer word stays whole. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of piecesOf(text)) {
    if (line === '' || widthOf((line + piece).trimEnd()) <= width) {
      line += piece
    } else {
      lines.push(line.trimEnd())
      line = piece.trimStart()
    }
  }
  if (line.trim() !== '') lines.push(line.trimEnd())
  return lines
}

/** Single wide characters and runs of anything else, each with the marks that open before and close behind it. */
function piecesOf(text: string): readonly string[] {
  return (
    text.match(
      /[（《【〔“‘([]*(?:[\p{Script=Han}\u3000-\u303F\uFF00-\uFFEF]|[^\s“‘\p{Script=Han}\u3000-\u303F\uFF00-\uFFEF]+)[，。；：、！？）】〕》”’,.;:!?)\]]*\s*|[“‘]+|\s+/gu,
    ) ?? []
  )
}
