import type { ErrorTrait } from './trait.ts'

/** Configuration of the server, and its demonstration: 1050 to 1064. */
export const SERVE_CODES = {
  CONFIG_SETTING_UNKNOWN: {
    wire: 1050,
    retryable: false,
    zh: '没有设置项“{name}”；最相近的是 {nearest}',
    en: 'there is no setting "{name}"; the nearest is {nearest}',
    doZh: '改正或删去；全部设置见 docs/configuration.zh-CN.md',
    doEn: 'correct it or take it out; every setting is in docs/configuration.md',
  },
  CONFIG_VALUE_WRONG: {
    wire: 1051,
    retryable: false,
    zh: '设置项 {name} 的值“{value}”不对，应为：{expected}',
    en: 'the setting {name} cannot be "{value}"; it has to be: {expected}',
    doZh: '按 docs/configuration.zh-CN.md 改正',
    doEn: 'correct it as docs/configuration.md describes it',
  },
  CONFIG_VARIABLE_UNKNOWN: {
    wire: 1052,
    retryable: false,
    zh: '环境变量 {variable} 不对应任何设置项；最相近的是 {nearest}',
    en: 'the environment variable {variable} belongs to no setting; the nearest is {nearest}',
    doZh: '改正或取消这个变量；以 QINGFEN_ 开头的变量都按设置项处理',
    doEn: 'correct or unset it; every variable that begins with QINGFEN_ is taken for a setting',
  },
  CONFIG_SHAPE_WRONG: {
    wire: 1053,
    retryable: false,
    zh: '{name} 处应为一组设置（名称: 值），且整个文件只有一份文档',
    en: 'at {name} there has to be a group of settings (name: value), and one document in the file',
    doZh: '参照 deploy/qingfen.yaml 改正',
    doEn: 'correct it after the example deploy/qingfen.yaml',
  },
  CONFIG_TLS_HALF: {
    wire: 1054,
    retryable: false,
    zh: '只设置了 {name}；证书 server.certificate 与密钥 server.key 须同时设置或都不设置',
    en: 'only {name} is set; server.certificate and server.key go together',
    doZh: '补上另一项，或两项都删去',
    doEn: 'add the other one, or take both out',
  },
  CONFIG_MODE_HOST: {
    wire: 1055,
    retryable: false,
    zh: '开发模式接受未签名的政策包，只能在本机地址上运行，而 server.host 是“{host}”',
    en: 'development mode takes unsigned packs and may only run on a loopback address, but server.host is "{host}"',
    doZh: '改为 127.0.0.1，或改用 mode: production',
    doEn: 'make it 127.0.0.1, or choose mode: production',
  },
  DEMO_KEYS_UNUSABLE: {
    wire: 1056,
    retryable: false,
    zh: '演示凭证文件 {file} 不能使用：{why}',
    en: 'the file {file} with the credentials of the demonstration cannot be used: {why}',
    doZh: '恢复该文件；或移走整个数据文件夹，再启动一次即重新建立演示',
    doEn: 'put the file back, or move the whole data folder away and start again: the demonstration is then made anew',
  },
} as const satisfies Record<string, ErrorTrait>
