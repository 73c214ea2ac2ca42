// `npm start`: one process from beginning to end, so that a signal to npm reaches the server.
import { makeReady } from './ready.mjs'

makeReady()
await import('../dist/src/main.js')
