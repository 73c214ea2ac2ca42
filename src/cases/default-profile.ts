import { assert } from '../assert.ts'
import type { Profile } from '../rules/profile.ts'
import { readPacks } from '../rules/read/read-packs.ts'

const TEXT = `
profile: default
title: { zh: 默认统筹区配置, en: Default profile }
source: 各项取默认值
effective: { from: 1900-01-01 }
`

let known: Profile | undefined

/** The profile in which every key has its default; packs are tested under it. Read once: every pack that is published asks for it. */
export function defaultProfile(): Profile {
  known ??= readDefault()
  return known
}

function readDefault(): Profile {
  const read = readPacks(TEXT, 'default-profile', () => undefined)
  const profile = read.ok ? read.value.profiles[0] : undefined
  assert(profile !== undefined, 'the default profile is a valid profile')
  return profile
}
