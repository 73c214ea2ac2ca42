import type { Reporter, TestModule } from 'vitest/node'

/**
 * Names the files whose process ended before their tests did. Vitest says only that a process ended; which file it was in is what one has
 * to know to find out why.
 */
export class UnfinishedFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules) {
      const open = [...module.children.allTests()].filter(
        (test) => test.result().state === 'pending',
      )
      if (open.length === 0 && !['pending', 'queued'].includes(module.state())) continue
      const names = open.map((test) => test.fullName).join('; ')
      process.stderr.write(`unfinished: ${module.relativeModuleId}: ${names}\n`)
    }
  }
}
