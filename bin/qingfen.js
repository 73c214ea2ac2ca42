#!/usr/bin/env -S node --max-semi-space-size=64 --no-allocation-site-pretenuring
import { makeReady } from '../scripts/ready.mjs'

makeReady()
await import('../dist/src/cli/main.js')
