import { businessContent, canonicalBody } from './canonical-body.ts'
import { ContentWriter } from './content-writer.ts'

type Tree = Readonly<Record<string, unknown>>

/** What a request asks for in canonical form, and the bytes of its JSON text, over which a fingerprint is taken. */
export interface CanonicalContent {
  readonly content: Tree
  /** A prefix and the text; they hold until the next content is made. */
  readonly bytes: Uint8Array
}

/** One for all requests, which are taken one after the other: what it keeps is working space. */
const writer = new ContentWriter()

/**
 * `businessContent` of `canonicalBody`, and the bytes of `prefix` (ASCII) and of its JSON text; undefined where the body has no
 * canonical form or is no object. What a single pass gives up is made by the plain functions, and what it makes is the same:
 * test/protocol/canonical-content.test.ts compares the two.
 */
export function canonicalContent(
  body: unknown,
  depthMax: number,
  prefix: string,
): CanonicalContent | undefined {
  const content = writer.write(prefix, body, depthMax)
  return content === undefined
    ? plainContent(body, depthMax, prefix)
    : { content, bytes: writer.bytes() }
}

/** The same by the plain functions: the definition of what is made. */
export function plainContent(
  body: unknown,
  depthMax: number,
  prefix: string,
): CanonicalContent | undefined {
  const canonical = canonicalBody(body, depthMax)
  if (typeof canonical !== 'object' || canonical === null || Array.isArray(canonical)) {
    return undefined
  }
  const content = businessContent(canonical as Tree)
  return { content, bytes: Buffer.from(prefix + JSON.stringify(content), 'utf8') }
}
