// A cashier terminal without an SDK: one WebSocket, JSON frames (docs/protocol.md). It quotes a bill, settles it with what the
// patient was shown, loses its connection, and asks for the answer again with the same request id.
//
//   node examples/raw-terminal.mjs ws://127.0.0.1:8080/v1/terminal CREDENTIAL PERSON
//
// The package `ws` stands for the WebSocket that browsers and Node 22 have built in.
import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'

const [url, credential, person] = process.argv.slice(2)
if (url === undefined || credential === undefined || person === undefined) {
  console.error('usage: raw-terminal.mjs URL CREDENTIAL PERSON')
  process.exit(2)
}

/** Connects and says hello; gives a function that asks and waits for the answer with the same id. */
async function connect() {
  const socket = new WebSocket(url, ['qingfen.v1.json'])
  const waiting = new Map()
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(data)
    waiting.get(frame.id)?.resolve(frame)
    waiting.delete(frame.id)
  }
  const ended = new Promise((_, reject) => {
    socket.onerror = ({ message }) => reject(new Error(message))
    socket.onclose = ({ code, reason }) => reject(new Error(`closed: ${code} ${reason}`))
  })
  // Who waits for an answer is told; a connection that ends while nobody waits is no failure.
  ended.catch(() => undefined)
  await Promise.race([ended, new Promise((resolve) => (socket.onopen = resolve))])
  const ask = async (id, op, body) => {
    const answered = new Promise((resolve) => waiting.set(id, { resolve }))
    socket.send(JSON.stringify({ id, op, body }))
    const frame = await Promise.race([ended, answered])
    if (frame.ok) return frame
    throw new Error(frame.problems.map((one) => `${one.code}: ${one.zh} → ${one.doZh}`).join('\n'))
  }
  const { answer } = await ask('hello', 'hello', { credential })
  // The day in China, by the clock of the server.
  const today = new Date(answer.at + 8 * 3_600_000).toISOString().slice(0, 10)
  return { ask, today, lose: () => socket.terminate() }
}

const yuan = (fen) => (fen / 100).toFixed(2)
const first = await connect()
const bill = {
  person: { id: person },
  visit: { id: `V-${randomUUID()}`, kind: 'outpatient', start: first.today },
  lines: [
    { id: '1', name: '检查', inScope: '300.00' },
    { id: '2', name: '自费', ownPay: '7.00' },
  ],
}

const { answer: quote } = await first.ask('quote', 'quote', { bill })
console.log(`quote: total ${yuan(quote.total)}, patient ${yuan(quote.patient.total)}`)

// Made once and kept until the answer has come: whatever happens to the connection, it is this request that is sent again.
const request = {
  id: `R-${randomUUID()}`,
  body: { bill, expect: { patient: yuan(quote.patient.total) } },
}
const settling = first.ask(request.id, 'settle', request.body).catch(() => undefined)
first.lose()
await settling

const second = await connect()
const { answer: settled, repeat } = await second.ask(request.id, 'settle', request.body)
console.log(`settled: ${settled.settlement}, patient ${yuan(settled.patient.total)}`)
for (const { id, amount } of settled.payers) console.log(`  ${id} pays ${yuan(amount)}`)

const third = await second.ask(request.id, 'settle', request.body)
const isSame = JSON.stringify(third.answer) === JSON.stringify(settled)
console.log(`asked again: repeat ${third.repeat}, ${isSame ? 'the same answer' : 'ANOTHER ANSWER'}`)
console.log(`the lost request had ${repeat ? '' : 'not '}been taken; it is settled once`)

const { answer: explained } = await second.ask('explain', 'explain', {
  settlement: settled.settlement,
})
for (const { zh } of explained.sentences) console.log(`  ${zh}`)
second.lose()
