#!/usr/bin/env -S node --max-semi-space-size=64
import { makeReady } from '../scripts/ready.mjs'

makeReady()
await import('../dist/src/cli/main.js')
