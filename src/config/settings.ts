import { ENGINE_SETTINGS, type EngineSettings } from '../engine/limits.ts'
import type { Bilingual } from '../rules/pack.ts'
import { LIMIT_RANGES, type ServerLimits } from '../server/limits.ts'
import type { Setting } from './setting.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Settings of the engine that are set; the others belong to how it works inside. */
type EngineName = Exclude<keyof EngineSettings, 'sliceMax' | 'batchMax' | 'retryAfterMs'>

const ENGINE: Readonly<Record<EngineName, readonly [min: number, max: number, text: Bilingual]>> = {
  waitingMax: [
    1,
    1_000_000,
    {
      zh: '同时排队的请求数；超出的立即答复 OVERLOADED',
      en: 'requests that wait at once; more are answered OVERLOADED',
    },
  ],
  waitingBytesMax: [
    1024,
    8 * 1024 ** 3,
    { zh: '排队请求内容的总字节数', en: 'bytes of the bodies of the requests that wait' },
  ],
  dateToleranceDays: [
    0,
    100_000,
    {
      zh: '账单写明的结算日与今天最多相差几天',
      en: 'days that a stated day of settlement may lie from today',
    },
  ],
  preparedMs: [
    MINUTE_MS,
    7 * DAY_MS,
    {
      zh: '预结算多久没有确认即列为未决，毫秒',
      en: 'after which a prepared settlement without an outcome is unresolved, ms',
    },
  ],
  linesPerRequestMax: [
    1,
    20_000,
    { zh: '一次 lines.add 的明细行数', en: 'lines in one lines.add' },
  ],
  linesPerStayMax: [
    1,
    100_000,
    { zh: '一次就诊等待结算的明细行数', en: 'lines of one stay that wait to be settled' },
  ],
}

const LIMITS: Readonly<Record<keyof ServerLimits, Bilingual>> = {
  frameBytes: { zh: '一帧的字节数', en: 'bytes of one frame' },
  inFlightPerTerminal: {
    zh: '一个连接未答复的请求数；经 HTTP 的按终端计',
    en: 'requests without an answer, of one connection; over HTTP, of one terminal',
  },
  inFlight: {
    zh: '全部终端未答复的请求数，含经 HTTP 的',
    en: 'requests without an answer, of all terminals, over HTTP too',
  },
  inFlightBytes: {
    zh: '终端全部未答复请求的字节数，含经 HTTP 的',
    en: 'bytes of the requests of terminals without an answer, over HTTP too',
  },
  bufferedBytes: {
    zh: '一个连接等待读取的字节数；超出即关闭',
    en: 'bytes that wait to be read by one connection; beyond it is closed',
  },
  terminals: { zh: '连接数', en: 'connections' },
  helloMs: { zh: '从连接到 hello 的毫秒数', en: 'from connecting to hello, ms' },
  idleSeconds: {
    zh: '没有任何帧或心跳应答的秒数；超出即关闭',
    en: 'seconds without a frame or an answered ping; then it is closed',
  },
  failedLogins: {
    zh: '同一主体从同一地址登录失败几次后锁定',
    en: 'failed logins of one principal from one address, after which they are locked',
  },
  failedLoginsPerAddress: {
    zh: '同一地址登录失败几次后锁定',
    en: 'failed logins from one address, after which it is locked',
  },
  lockMs: { zh: '锁定的毫秒数', en: 'how long they are locked, ms' },
  failuresKept: { zh: '记住多少次登录失败', en: 'failed logins that are remembered' },
  retryAfterMs: {
    zh: '繁忙或停止时建议的重试间隔，毫秒',
    en: 'advice with OVERLOADED and ENGINE_STOPPING, ms',
  },
  httpRequests: {
    zh: '未答复的 HTTP 请求数，试算与结算除外（计入 inFlight）',
    en: 'HTTP requests without an answer, but for quotes and settlements (inFlight)',
  },
  httpRequestsPerPrincipal: {
    zh: '其中一个主体的',
    en: 'of these, those of one principal',
  },
  httpBodyBytes: {
    zh: '同时在内存中的 HTTP 正文字节数',
    en: 'bytes of the bodies of all HTTP requests in memory',
  },
  bodyMs: {
    zh: '收完一个 HTTP 正文的毫秒数',
    en: 'within which the body of an HTTP request has to arrive, ms',
  },
  stopMs: {
    zh: '停止时多久之内答完已收的请求，毫秒',
    en: 'within which a stop answers what is in flight, ms',
  },
}

/** More threads than that wait for each other. */
const WORKERS_MOST = 64

const GENERAL: readonly Setting[] = [
  {
    name: 'mode',
    kind: { type: 'choice', choices: ['production', 'development'] },
    standard: 'production',
    text: {
      zh: '运行方式；development 接受未签名的政策包，只能用本机地址',
      en: 'development takes unsigned packs, and only on a loopback address',
    },
  },
  {
    name: 'ledger.folder',
    kind: { type: 'text' },
    standard: 'data',
    text: {
      zh: '账本文件夹，没有则新建；相对路径从启动时的目录算起',
      en: 'folder of the ledger, made when there is none; relative to where the server is started',
    },
  },
  {
    name: 'ledger.work',
    kind: { type: 'text' },
    standard: 'work',
    text: {
      zh: '工作文件夹：上传的临时文件和备份',
      en: 'work folder: spooled uploads, and backups',
    },
  },
  {
    name: 'server.host',
    kind: { type: 'text' },
    standard: '127.0.0.1',
    text: {
      zh: '监听的地址或主机名；0.0.0.0 为全部 IPv4 地址',
      en: 'address or name to listen on; 0.0.0.0 is every IPv4 address',
    },
  },
  {
    name: 'server.port',
    kind: { type: 'number', min: 0, max: 65_535 },
    standard: 8080,
    text: { zh: '端口；0 为任意空闲端口', en: 'port; 0 is any that is free' },
  },
  {
    name: 'server.certificate',
    kind: { type: 'text' },
    text: {
      zh: 'TLS 证书文件（PEM）；不写则不用 TLS',
      en: 'TLS certificate file (PEM); without it there is no TLS',
    },
  },
  {
    name: 'server.key',
    kind: { type: 'text' },
    text: { zh: 'TLS 私钥文件（PEM）', en: 'TLS key file (PEM)' },
  },
  {
    name: 'workers',
    kind: { type: 'number', min: 0, max: WORKERS_MOST, word: 'auto' },
    standard: 'auto',
    text: {
      zh: '计算账单的线程数；0 为不用线程，auto 按机器决定',
      en: 'threads that evaluate bills; 0 is none, auto is what suits the machine',
    },
  },
]

const REPORTING: readonly Setting[] = [
  {
    name: 'log.level',
    kind: { type: 'choice', choices: ['info', 'warning', 'error'] },
    standard: 'info',
    text: {
      zh: '记录到哪一级：全部、只记拒绝和故障、只记故障',
      en: 'what is logged: everything, refusals and faults, or faults only',
    },
  },
  {
    name: 'log.destination',
    kind: { type: 'choice', choices: ['stdout', 'stderr'] },
    standard: 'stdout',
    text: { zh: '日志写到哪里，每行一个 JSON', en: 'where the log goes, one JSON object a line' },
  },
  {
    name: 'metrics',
    kind: { type: 'switch' },
    standard: true,
    text: { zh: '是否提供 /metrics', en: 'whether /metrics is served' },
  },
]

const ENGINE_LIST: readonly Setting[] = Object.entries(ENGINE).map(([key, [min, max, text]]) => ({
  name: `engine.${key}`,
  kind: { type: 'number', min, max },
  standard: ENGINE_SETTINGS[key as EngineName],
  text,
}))

const LIMIT_LIST: readonly Setting[] = Object.entries(LIMITS).map(([key, text]) => {
  const [standard, min, max] = LIMIT_RANGES[key as keyof ServerLimits]
  return { name: `limits.${key}`, kind: { type: 'number', min, max }, standard, text }
})

/** Every setting there is, in the order in which they are shown. */
export const SETTINGS: readonly Setting[] = [
  ...GENERAL,
  ...ENGINE_LIST,
  ...LIMIT_LIST,
  ...REPORTING,
]
