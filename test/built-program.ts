import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** Path of a program as it was built (`tsconfig.build.json`) before the tests began (`build-first.ts`). */
export function builtProgram(name: string): string {
  return join(root, 'dist', `${name}.js`)
}
