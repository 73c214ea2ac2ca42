import { assert } from '../assert.ts'
import { setMember, type ByteReader } from './bytes/byte-reader.ts'
import type { ByteWriter } from './bytes/byte-writer.ts'
import {
  readContributions,
  readLineIds,
  readLines,
  readPostings,
  writeContributions,
  writeContributionsTo,
  writeLineIds,
  writeLines,
  writePostings,
} from './split-codec.ts'

/** What has been read or written of a record: members on which the form of a later one may depend. */
export type Members = Record<string, unknown>

/** The members of a record, their names as a shape in front of them (docs/ledger.md, section 10). */
export function writeMembers(writer: ByteWriter, record: object): void {
  const names = Object.keys(record)
  writer.shape(names)
  const members = record as Readonly<Members>
  for (const name of names) writeMember(writer, name, members)
}

/** The inverse; throws when the bytes are not those of members. */
export function readMembers(reader: ByteReader): Members {
  const members: Members = {}
  for (const name of reader.shape()) setMember(members, name, readMember(reader, name, members))
  return members
}

function writeMember(writer: ByteWriter, name: string, members: Readonly<Members>): void {
  const value = members[name]
  switch (name) {
    case 'before':
      return writeContributions(writer, value)
    case 'contributions':
      return writeContributionsTo(writer, value, earlier(members, 'before', name))
    case 'postings':
      return writePostings(writer, value)
    case 'answer':
      return writeAnswer(writer, value)
    case 'lineIds':
      return writeLineIds(writer, value, linesOf(earlier(members, 'answer', name)))
    case 'digest':
      return typeof value === 'string' ? writer.looseHex(value) : writer.value(value)
    default:
      return writer.value(value)
  }
}

function readMember(reader: ByteReader, name: string, members: Readonly<Members>): unknown {
  switch (name) {
    case 'before':
      return readContributions(reader, undefined)
    case 'contributions':
      return readContributions(reader, members['before'])
    case 'postings':
      return readPostings(reader)
    case 'answer':
      return readAnswer(reader)
    case 'lineIds':
      return readLineIds(reader, linesOf(members['answer']))
    default:
      return reader.value()
  }
}

/** A member, if it comes before another one. */
function earlier(members: Readonly<Members>, name: string, other: string): unknown {
  for (const one in members) {
    if (one === name) return members[one]
    if (one === other) return undefined
  }
  return undefined
}

function linesOf(answer: unknown): unknown {
  return isObject(answer) ? answer['lines'] : undefined
}

const NO_ANSWER = 0
const ANSWER = 1

function writeAnswer(writer: ByteWriter, answer: unknown): void {
  if (!isObject(answer)) {
    writer.byte(NO_ANSWER)
    writer.value(answer)
    return
  }
  writer.byte(ANSWER)
  const names = Object.keys(answer)
  writer.shape(names)
  for (const name of names) {
    if (name === 'lines') writeLines(writer, answer[name])
    else writer.value(answer[name])
  }
}

function readAnswer(reader: ByteReader): unknown {
  const form = reader.byte()
  if (form === NO_ANSWER) return reader.value()
  assert(form === ANSWER, 'an answer has a known form')
  const answer: Members = {}
  for (const name of reader.shape()) {
    setMember(answer, name, name === 'lines' ? readLines(reader) : reader.value())
  }
  return answer
}

function isObject(value: unknown): value is Readonly<Members> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
