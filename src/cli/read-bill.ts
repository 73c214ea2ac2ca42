import { extname } from 'node:path'
import { failure, failureOf, problem, success, type Result } from '../errors/problem.ts'
import { parseJsonExact } from '../protocol/json-exact.ts'
import { plainData } from '../rules/read/source-node.ts'
import { readSourceTree } from '../rules/read/source-tree.ts'
import { readText } from './read-text.ts'

/** The tree of a bill document, numbers as their source text; JSON by the ending `.json`, YAML otherwise. */
export function readBillFile(file: string): Result<unknown> {
  const text = readText(file)
  if (!text.ok) return text
  if (extname(file) === '.json') {
    const tree = parseJsonExact(text.value)
    return tree.ok ? tree : failureOf(tree.problems.map((item) => ({ ...item, file })))
  }
  const trees = readSourceTree(text.value, file)
  if (!trees.ok) return trees
  const [tree, another] = trees.value
  if (tree !== undefined && another === undefined) return success(plainData(tree, 'text'))
  const details = { file, count: trees.value.length }
  return failure({ ...problem('CLI_BILL_COUNT', '', details), file })
}
