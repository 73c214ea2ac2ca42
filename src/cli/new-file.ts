import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import { reasonOf } from './read-text.ts'

/**
 * Writes `text` to `file`, which must not exist (`CLI_FILE_EXISTS`); one that cannot be written whole (`CLI_FILE_UNWRITABLE`) does not
 * stay. `mode`: permissions.
 */
export function writeNewFile(file: string, text: string, mode = 0o666): Result<undefined> {
  let descriptor: number
  try {
    descriptor = openSync(file, 'wx', mode)
  } catch (error) {
    const code = reasonOf(error) === 'EEXIST' ? 'CLI_FILE_EXISTS' : 'CLI_FILE_UNWRITABLE'
    return refused(code, file, error)
  }
  try {
    writeFileSync(descriptor, text)
    return success(undefined)
  } catch (error) {
    rmSync(file, { force: true })
    return refused('CLI_FILE_UNWRITABLE', file, error)
  } finally {
    closeSync(descriptor)
  }
}

function refused(
  code: 'CLI_FILE_EXISTS' | 'CLI_FILE_UNWRITABLE',
  file: string,
  error: unknown,
): Result<undefined> {
  return failure({ ...problem(code, '', { file, why: reasonOf(error) }), file })
}
