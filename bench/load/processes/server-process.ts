import { join } from 'node:path'
import { readConfiguration } from '../../../src/config/read-configuration.ts'
import { openService, type Service } from '../../../src/service/open-service.ts'
import { valueOf } from '../../micro/settle/setup.ts'
import { ENGINE_SETTINGS } from '../workload-spec.ts'
import { serveParent } from './child.ts'

/* The server under load: the service as `qingfen serve` opens it, on a ledger on the disk. */

export interface ServedLedger {
  readonly folder: string
  /** Of the clock when it starts, ms; it goes on from there. */
  readonly now: number
  readonly workers: number | 'auto'
}

let service: Service | undefined

const handlers = {
  /** Gives the port. */
  start: async ({ folder, now, workers }: ServedLedger): Promise<number> => {
    const stated = {
      'ledger.folder': join(folder, 'ledger'),
      'ledger.work': join(folder, 'work'),
      'server.host': '127.0.0.1',
      'server.port': 0,
      // Packs are uploaded without signatures: what they cost is measured, not who may.
      mode: 'development',
      workers,
      'engine.dateToleranceDays': ENGINE_SETTINGS.dateToleranceDays,
    }
    const configuration = valueOf(readConfiguration({ environment: {}, stated }))
    const begun = Date.now()
    const opened = await openService({
      configuration,
      clock: () => now + Date.now() - begun,
      log: (entry) => {
        if (entry.event === 'defect') process.stderr.write(`${JSON.stringify(entry)}\n`)
      },
    })
    service = valueOf(opened)
    return service.server.port
  },
  /** Answers what is in flight and closes the ledger. */
  stop: async (): Promise<void> => {
    await service?.stop()
    service = undefined
  },
}

export type ServerHandlers = typeof handlers

serveParent(handlers)
