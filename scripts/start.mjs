// `npm start`: one process from beginning to end, so that a signal to npm reaches the server.
import { makeReady } from './ready.mjs'

makeReady()
// Named at run time: what is built is not part of what is checked.
await import(new URL('../dist/src/main.js', import.meta.url).href)
