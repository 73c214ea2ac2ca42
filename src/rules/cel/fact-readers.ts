import { assert } from '../../assert.ts'
import { FactMissing, type FactFrame } from '../compiled.ts'
import type { FactGroup, FactSheet, FactValue } from '../facts.ts'
import type { Reader } from './reader.ts'
import { factName, type FactReference } from './term.ts'

/** `has(…)`: whether the bill or coverage states the fact. */
export function factStated(fact: FactReference): Reader<boolean> {
  if (isChargeLevel(fact)) return (frame) => chargeLevel(frame) !== undefined
  const [sheet, { name }] = [sheetReader(fact.group), fact]
  return (frame) => sheet(frame)?.[name] !== undefined
}

export function readFlag(fact: FactReference, where: string): Reader<boolean> {
  const [sheet, { name }] = [sheetReader(fact.group), fact]
  return (frame) => {
    const value = sheet(frame)?.[name]
    if (typeof value === 'boolean') return value
    throw notRead(fact, value, where)
  }
}

export function readNumber(fact: FactReference, where: string): Reader<number> {
  const [sheet, { name }] = [sheetReader(fact.group), fact]
  return (frame) => {
    const value = sheet(frame)?.[name]
    if (typeof value === 'number') return value
    throw notRead(fact, value, where)
  }
}

export function readText(fact: FactReference, where: string): Reader<string> {
  if (isChargeLevel(fact)) {
    return (frame) => {
      const value = chargeLevel(frame)
      if (typeof value === 'string') return value
      throw notRead(fact, value, where)
    }
  }
  const [sheet, { name }] = [sheetReader(fact.group), fact]
  return (frame) => {
    const value = sheet(frame)?.[name]
    if (typeof value === 'string') return value
    throw notRead(fact, value, where)
  }
}

export function readList(fact: FactReference, where: string): Reader<readonly string[]> {
  const [sheet, { name }] = [sheetReader(fact.group), fact]
  return (frame) => {
    const value = sheet(frame)?.[name]
    if (typeof value === 'object') return value
    throw notRead(fact, value, where)
  }
}

function isChargeLevel({ group, name }: FactReference): boolean {
  return group === 'line' && name === 'chargeLevel'
}

/** The one line fact that the bill may leave to the catalogue. */
function chargeLevel(frame: FactFrame): FactValue | undefined {
  return frame.line?.['chargeLevel'] ?? frame.lineChargeLevel
}

function sheetReader(group: FactGroup): (frame: FactFrame) => FactSheet | undefined {
  switch (group) {
    case 'person':
      return (frame) => frame.person
    case 'visit':
      return (frame) => frame.visit
    case 'hospital':
      return (frame) => frame.hospital
    case 'bill':
      return (frame) => frame.bill
    case 'policy':
      return (frame) => frame.policy
    case 'line':
      return (frame) => frame.line
  }
}

function notRead(fact: FactReference, value: FactValue | undefined, where: string): FactMissing {
  assert(value === undefined, `the fact ${factName(fact)} has the type of the fact table`)
  return new FactMissing(factName(fact), where)
}
