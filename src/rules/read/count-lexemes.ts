import { Lexer } from 'yaml'

/** Words, marks and spaces of YAML texts together, no further than one past `max`; a tenth of the work of parsing them. */
export function countLexemes(texts: readonly string[], max: number): number {
  let count = 0
  for (const text of texts) {
    for (const lexeme of new Lexer().lex(text)) {
      count += lexeme === '' ? 0 : 1
      if (count > max) return count
    }
  }
  return count
}
