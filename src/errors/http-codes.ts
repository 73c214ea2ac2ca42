import type { ErrorTrait } from './trait.ts'

/** What the HTTP interface refuses before a route sees it; wire numbers 1020–1029. */
export const HTTP_CODES = {
  METHOD_NOT_ALLOWED: {
    wire: 1020,
    retryable: false,
    zh: '此地址不接受 {method}，可用：{methods}',
    en: 'this address does not take {method}; it takes {methods}',
    doZh: '核对方法与地址，见 /v1/openapi.json',
    doEn: 'check method and address in /v1/openapi.json',
  },
  HTTP_REQUEST_MALFORMED: {
    wire: 1021,
    retryable: false,
    zh: '请求格式有误：{why}',
    en: 'the request is malformed: {why}',
    doZh: '按 /v1/openapi.json 改正后重新发送',
    doEn: 'correct the request as /v1/openapi.json describes it and send it again',
  },
  BODY_TOO_LARGE: {
    wire: 1022,
    retryable: false,
    zh: '请求正文超过上限 {max} 字节',
    en: 'the body is over the limit of {max} bytes',
    doZh: '分成几次发送',
    doEn: 'send it in several parts',
  },
  CONTENT_TYPE_WRONG: {
    wire: 1023,
    retryable: false,
    zh: '正文类型“{stated}”不被接受，可用：{types}',
    en: 'the content type "{stated}" is not taken; it is one of {types}',
    doZh: '在 content-type 中写明正文类型',
    doEn: 'say what the body is in the header content-type',
  },
  BODY_LATE: {
    wire: 1024,
    retryable: true,
    zh: '{ms} 毫秒内没有收完请求正文',
    en: 'the body did not arrive within {ms} ms',
    doZh: '检查网络后重新发送',
    doEn: 'check the network and send it again',
  },
  OPERATOR_KEY_LOCAL: {
    wire: 1025,
    retryable: false,
    zh: '运营人员的凭证“{id}”不能由另一运营人员经网络发放或更换',
    en: 'the credential "{id}" of an operator is not given out or changed by another operator over the network',
    doZh: '在服务器上用 qingfen key 办理；否则一人可以充作两人批准公共政策包',
    doEn: 'use qingfen key on the machine of the server; otherwise one person could approve public packs as two',
  },
} as const satisfies Record<string, ErrorTrait>
