import { closedLoop, type ClosedLoop } from '../wire/closed-loop.ts'
import { Fleet, type FleetOptions } from '../wire/fleet.ts'
import { FrameTemplates } from '../wire/frame-templates.ts'
import { openLoop, type OpenLoop } from '../wire/open-loop.ts'
import type { RunResult } from '../wire/run.ts'
import { workloadOf, type WorkloadSpec } from '../workload-spec.ts'
import { serveParent } from './child.ts'

/* The load generator: terminals in a process of their own, whose frames are made before the clock starts. */

const templates = new Map<string, FrameTemplates>()
let fleet: Fleet | undefined
let frames: FrameTemplates | undefined

type Numbered<T> = Omit<T, 'fleet' | 'frames'>

const handlers = {
  /** Which bills are sent from now on. */
  use: (spec: WorkloadSpec): void => {
    const name = JSON.stringify(spec)
    frames = templates.get(name) ?? new FrameTemplates(workloadOf(spec), spec)
    templates.set(name, frames)
  },
  connect: async (options: FleetOptions): Promise<void> => {
    fleet = await Fleet.connect(options)
  },
  disconnect: (): void => {
    fleet?.close()
    fleet = undefined
  },
  closed: async (loop: Numbered<ClosedLoop>): Promise<RunResult> =>
    closedLoop({ ...loop, ...ready() }),
  open: async (loop: Numbered<OpenLoop>): Promise<RunResult> => openLoop({ ...loop, ...ready() }),
}

export type GeneratorHandlers = typeof handlers

function ready(): { readonly fleet: Fleet; readonly frames: FrameTemplates } {
  if (fleet === undefined || frames === undefined) throw new Error('nothing to send, or nobody')
  return { fleet, frames }
}

serveParent(handlers)
