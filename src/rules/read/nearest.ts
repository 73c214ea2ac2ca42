/** Characters of a word that are compared; names of thousands would cost their product. */
const COMPARED = 64

/** The word of `known` with the fewest edits to `word`; the first of several; '' when none has anything in common with it. */
export function nearestWord(word: string, known: readonly string[]): string {
  const looked = comparable(word)
  let [nearest, fewest] = ['', Number.POSITIVE_INFINITY]
  for (const candidate of known) {
    const compared = comparable(candidate)
    const distance = editDistance(looked, compared)
    const isNear = distance < Math.max(looked.length, compared.length)
    if (isNear && distance < fewest) [nearest, fewest] = [candidate, distance]
  }
  return nearest
}

function comparable(word: string): string {
  return word.slice(0, COMPARED).toLowerCase()
}

function editDistance(left: string, right: string): number {
  let above = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (let row = 0; row < left.length; row += 1) {
    const current = [row + 1]
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = (above[column - 1] ?? 0) + (left[row] === right[column - 1] ? 0 : 1)
      const removed = (above[column] ?? 0) + 1
      const added = (current[column - 1] ?? 0) + 1
      current.push(Math.min(replaced, removed, added))
    }
    above = current
  }
  return above[right.length] ?? 0
}
