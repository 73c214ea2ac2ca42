import { shoot, type Shot } from '../http/shoot.ts'
import type { ShotResult } from '../http/shoot.ts'
import { get, type Getting } from '../http/get.ts'
import { serveParent } from './child.ts'

/* autocannon in a process of its own. */

const handlers = {
  /** Quotes or settles bills. */
  shoot: async (shot: Shot): Promise<ShotResult> => shoot(shot),
  /** Gets one address again and again. */
  get: async (getting: Getting): Promise<Omit<ShotResult, 'told'>> => get(getting),
}

export type HttpHandlers = typeof handlers

serveParent(handlers)
