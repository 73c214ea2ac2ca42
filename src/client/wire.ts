import { decodeForeign, encodePlain } from '../protocol/codec.ts'
import type { RequestFrame } from '../protocol/frames/request-frame.ts'
import { SUBPROTOCOLS, type FrameEncoding } from '../protocol/frames/subprotocols.ts'
import { receivedFrame, type ReceivedFrame } from './received-frame.ts'

/** A request as it is sent: JSON as text, MessagePack as bytes. */
export interface WrittenFrame {
  readonly data: string | Uint8Array
  /** Bytes. */
  readonly size: number
}

const UTF8 = new TextEncoder()

export function writeRequest(frame: RequestFrame, encoding: FrameEncoding): WrittenFrame {
  if (encoding === 'json') {
    const data = JSON.stringify(frame)
    return { data, size: UTF8.encode(data).byteLength }
  }
  const data = encodePlain(frame)
  return { data, size: data.byteLength }
}

/** Undefined for a message that is no frame of the protocol. */
export function readReceived(data: unknown): ReceivedFrame | undefined {
  return receivedFrame(decoded(data))
}

function decoded(data: unknown): unknown {
  try {
    if (typeof data === 'string') return JSON.parse(data)
    return data instanceof ArrayBuffer ? decodeForeign(new Uint8Array(data)) : undefined
  } catch {
    return undefined
  }
}

export function subprotocolOf(encoding: FrameEncoding): string {
  const found = [...SUBPROTOCOLS].find(([, value]) => value === encoding)
  return found?.[0] ?? ''
}
