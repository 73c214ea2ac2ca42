import { Ajv2020 } from 'ajv/dist/2020.js'
import { FRAME_SCHEMA } from '../../src/protocol/schemas/frame-schema.ts'
import type { Received } from './terminal-client.ts'

const ajv = new Ajv2020({ strict: false, allErrors: true }).addSchema(FRAME_SCHEMA, 'frames')

/** What is wrong with `frame` as a message of that name, e.g. `request.settle`; '' when nothing is. */
export function faultsOf(name: string, frame: unknown): string {
  const isRight = ajv.validate(`frames#/$defs/${name}`, frame)
  return isRight ? '' : `${name}: ${ajv.errorsText()}`
}

/** The name of the message that answers a request for `op`. */
export function messageName(op: string, { ok, event }: Received): string {
  if (event !== undefined) return `event.${event}`
  return ok === true ? `answer.${op}` : 'refusal'
}
