/** What a kind of difference is called, where it usually comes from, and what to do about it; sentences without names. */
export interface KindTrait {
  readonly zh: string
  readonly en: string
  readonly causeZh: string
  readonly causeEn: string
  readonly doZh: string
  readonly doEn: string
}

/** Every kind of difference by name, in the order in which they are reported. The names are part of the JSON answer. */
export const KINDS = {
  missingOurs: {
    zh: '对方有，我方没有',
    en: 'missing at ours',
    causeZh: '对方已记账，应答丢失，或本地保存失败',
    causeEn: 'they booked it; the answer was lost, or saving it here failed',
    doZh: '患者确已付费的，补记本地；没有的，用该行 msgid 发 2601 冲正，或按 setl_id 发 2208/2305 撤销',
    doEn: 'if the patient did pay, write the missing record here; if not, take it back by 2601 with the msgid of the row, or by 2208/2305 with its setl_id',
  },
  missingTheirs: {
    zh: '我方有，对方没有',
    en: 'missing at theirs',
    causeZh: '对方没有记账，或对方已撤销而本地未撤；也可能两份账的起止日期不同',
    causeEn:
      'they never booked it, or took it back while our record stayed; or the two books cover other days',
    doZh: '先核对起止日期；再用 5203 查询，对方没有的，在本地撤销后重新结算',
    doEn: 'compare the days covered first; then query 5203, and where they have nothing reverse it here and settle again',
  },
  reversalTheirsOnly: {
    zh: '只有对方撤销',
    en: 'reversed at theirs only',
    causeZh: '对方已受理撤销，本地撤销没有成功',
    causeEn: 'they took the settlement back and the reversal here did not succeed',
    doZh: '在本地撤销该笔结算，核对是否已退费；患者仍应付费的重新结算',
    doEn: 'reverse the settlement here and check whether the patient was refunded; settle again if the cost stands',
  },
  reversalOursOnly: {
    zh: '只有我方撤销',
    en: 'reversed at ours only',
    causeZh: '本地已撤销，对方没有收到撤销或没有受理',
    causeEn: 'it was reversed here; the reversal did not reach them, or was refused',
    doZh: '用 5203 查询；对方仍有效的，按 setl_id 补发 2208/2305 撤销',
    doEn: 'query 5203; where the settlement still stands there, send the reversal again by 2208/2305 with its setl_id',
  },
  doubledTheirs: {
    zh: '对方重复',
    en: 'doubled at theirs',
    causeZh: '对方记了两次，或明细文件中重复写出',
    causeEn: 'they booked it twice, or their file lists it twice',
    doZh: '请对方删去重复的一笔；确有两笔结算的，撤销其中一笔',
    doEn: 'ask them to drop the second one; where there are two settlements, reverse one of them',
  },
  doubledOurs: {
    zh: '我方重复',
    en: 'doubled at ours',
    causeZh: '我方文件中重复写出，或重复导入',
    causeEn: 'our file lists it twice, or it was loaded twice',
    doZh: '重新导出我方账；仍重复的运行 qingfen ledger verify',
    doEn: 'export our book again; if it is still there twice, run qingfen ledger verify',
  },
  idDiffers: {
    zh: '结算编号不同',
    en: 'another settlement id',
    causeZh: '同一就诊、同一人、同样金额，编号不同：一方存错编号，或撤销后重结',
    causeEn:
      'the same visit, person and amounts under another id: one side stored a wrong id, or settled again',
    doZh: '用 5203 查询该就诊，以平台 setl_id 为准改正',
    doEn: 'query 5203 for the visit and keep the setl_id of the platform',
  },
  movedLine: {
    zh: '明细挂到另一笔结算',
    en: 'line in another settlement',
    causeZh: '同样的明细在对方账中属于另一笔结算',
    causeEn: 'the same lines belong to another settlement in their book',
    doZh: '核对明细所属的就诊和批次，挂错的一方撤销后重新上传、结算',
    doEn: 'check which visit and batch the lines belong to; the side that is wrong reverses, sends and settles them again',
  },
  personWrong: {
    zh: '人员不同',
    en: 'another person',
    causeZh: '结算记在了另一个人名下',
    causeEn: 'the settlement stands in the name of somebody else',
    doZh: '核对证件和人员编号；记错人的一方撤销后用正确人员重结，累计也随之改正',
    doEn: 'check the certificate and the person number; the side that is wrong reverses and settles again, which also corrects the running totals',
  },
  stayWrong: {
    zh: '就诊不同',
    en: 'another visit',
    causeZh: '结算记在了另一次就诊下',
    causeEn: 'the settlement stands under another visit',
    doZh: '核对就诊编号 mdtrt_id，由记错的一方改正',
    doEn: 'check the mdtrt_id; the side that is wrong corrects it',
  },
  hospitalWrong: {
    zh: '机构不同',
    en: 'another hospital',
    causeZh: '结算记在了另一家机构名下',
    causeEn: 'the settlement stands in the name of another hospital',
    doZh: '核对机构编码；多院区的核对各院区编码的对照',
    doEn: 'check the institution code, and for several sites how their codes are matched',
  },
  dayWrong: {
    zh: '记账日不同',
    en: 'another day',
    causeZh: '一方按结算时间、另一方按到账时间记账，多在零点或日结前后',
    causeEn:
      'one side goes by the time of settlement, the other by the time of arrival; mostly around midnight or the close of the day',
    doZh: '金额无误；约定以哪一天为准，两天合并核对',
    doEn: 'the amount is right; agree on which day counts and compare both days together',
  },
  payerWrong: {
    zh: '支付方不同',
    en: 'another payer',
    causeZh: '同样的金额记到了另一个支付方',
    causeEn: 'the same amount stands at another payer',
    doZh: '核对支付方编码对照；以结算说明（explain）为准，由记错的一方改正',
    doEn: 'check how payer codes are matched; the explanation of the settlement decides, and the side that is wrong corrects it',
  },
  payeeWrong: {
    zh: '收款方不同',
    en: 'another payee',
    causeZh: '应付给医院、供应商还是个人，两方记得不同',
    causeEn: 'the two sides differ in whether provider, supplier or patient is paid',
    doZh: '核对明细的供应商标签和付款约定，付款前改正',
    doEn: 'check the supplier tag of the line and the agreement on payment; correct it before anybody is paid',
  },
  sharesDiffer: {
    zh: '各方份额不同',
    en: 'shares differ',
    causeZh:
      '明细合计一致，各支付方分得的不同：规则版本、累计或分摊方法不同，或一方把个人账户算作支付方',
    causeEn:
      'the line is level, the parts of its payers are not: other versions of the rules, other running totals, another way of spreading, or one side counts the account as a payer',
    doZh: '对该笔结算运行 explain，与对方逐步核对',
    doEn: 'compare the explanation of the settlement with theirs step by step',
  },
  split: {
    zh: '一行拆成多行',
    en: 'one row split',
    causeZh: '我方一行，对方分成多行，合计一致',
    causeEn: 'one row at ours is several at theirs with the same sum',
    doZh: '金额无误；约定记账的粒度，多个 setl_id 的须核对是否分次结算',
    doEn: 'the amount is right; agree on how rows are cut, and where there are several setl_ids check whether it was settled in parts',
  },
  merged: {
    zh: '多行并成一行',
    en: 'rows merged',
    causeZh: '我方多行，对方并成一行，合计一致',
    causeEn: 'several rows at ours are one at theirs with the same sum',
    doZh: '金额无误；约定记账的粒度',
    doEn: 'the amount is right; agree on how rows are cut',
  },
  flagWrong: {
    zh: '退费标志不同',
    en: 'another refund flag',
    causeZh: '金额相同，refd_setl_flag 一方为 0、一方为 1',
    causeEn: 'the amounts are the same, refd_setl_flag is 0 on one side and 1 on the other',
    doZh: '结算写 0，撤销写 1 且金额为负；改正后重新生成文件',
    doEn: 'a settlement has 0, a reversal has 1 and amounts below zero; correct it and write the file again',
  },
  sign: {
    zh: '正负号相反',
    en: 'sign reversed',
    causeZh: '撤销写成了正数，或结算写成了负数',
    causeEn: 'a reversal was written above zero, or a settlement below',
    doZh: '撤销行的金额为负；改正后重新生成文件',
    doEn: 'amounts of a reversal are below zero; correct it and write the file again',
  },
  unit: {
    zh: '元、分单位不同',
    en: 'yuan against fen',
    causeZh: '一方以元、另一方以分写出，恰差一百倍',
    causeEn: 'one side writes yuan, the other fen: exactly a hundred times as much',
    doZh: '统一单位：3202 为元、两位小数，qingfen 导出为整数分',
    doEn: 'use one unit: 3202 is in yuan with two places, an export of qingfen in whole fen',
  },
  accountInFund: {
    zh: '个人账户计入了基金',
    en: 'account inside the fund sum',
    causeZh: '基金支付总额之差恰为个人账户支付：一方把账户算在基金内',
    causeEn: 'the fund sums differ by exactly what the account paid: one side counts it inside',
    doZh: '核对该统筹区 fund_pay_sumamt 是否含个人账户，两方取同一口径',
    doEn: 'check whether fund_pay_sumamt includes the account in this region, and count alike',
  },
  fundAccountShift: {
    zh: '基金与账户之间错记',
    en: 'between fund and account',
    causeZh: '总额一致，一部分在一方记为基金、在另一方记为账户',
    causeEn: 'the total is level; a part is fund on one side and account on the other',
    doZh: '用 5203 查询，以平台分项为准改正本地',
    doEn: 'query 5203 and correct our record by the parts given there',
  },
  rounding: {
    zh: '尾差',
    en: 'rounding',
    causeZh: '分以下四舍五入的位置不同：逐行、逐段或合计后',
    causeEn: 'rounded at another place: each line, each band, or the sum',
    doZh: '尾差不留：按逐行、逐段四舍五入到分改正对方或我方，未改正前不清算',
    doEn: 'do not leave it: round each line and band to the fen on both sides, and clear nothing before',
  },
  totalWrong: {
    zh: '总额不同',
    en: 'total differs',
    causeZh: '本地部分保存，或费用明细上传不全',
    causeEn: 'the record was saved in part, or not all fee lines were sent',
    doZh: '用 5203/5204 查询，以平台为准核对明细并改正本地',
    doEn: 'query 5203 and 5204, compare the lines and correct our record by the platform',
  },
  fundWrong: {
    zh: '基金支付不同',
    en: 'fund differs',
    causeZh: '累计或规则版本不同，或手工改过基金金额',
    causeEn:
      'other running totals or another version of the rules, or the fund was changed by hand',
    doZh: '用 5203 查询，以平台为准；我方算错的撤销后重结',
    doEn: 'query 5203, the platform decides; where ours is wrong reverse it and settle again',
  },
  accountWrong: {
    zh: '账户支付不同',
    en: 'account differs',
    causeZh: '账户余额不足改付现金，或共济账户只记在一方',
    causeEn: 'the balance was short and cash was paid, or a family account stands on one side only',
    doZh: '用 5203 查询账户支付，改正本地并核对患者现金',
    doEn: 'query 5203 for what the account paid, correct our record and check the cash of the patient',
  },
  amountsWrong: {
    zh: '多项金额不同',
    en: 'several amounts differ',
    causeZh: '一方重新结算过，或部分退费只记在一方',
    causeEn: 'one side settled again, or a partial refund stands on one side only',
    doZh: '用 5203 查询，以平台为准改正本地',
    doEn: 'query 5203 and correct our record by the platform',
  },
  amountWrong: {
    zh: '金额不同',
    en: 'amount differs',
    causeZh: '费用明细不同，或规则版本、累计不同',
    causeEn: 'other fee lines, another version of the rules, or other running totals',
    doZh: '与对方核对该明细和结算说明（explain），由算错的一方撤销后重结',
    doEn: 'compare the line and its explanation with theirs; the side that is wrong reverses and settles again',
  },
  compensating: {
    zh: '两处错误相抵',
    en: 'errors that cancel',
    causeZh: '两处金额一多一少、恰好相抵，总额看不出来',
    causeEn: 'one is too high and one too low by the same amount, so the totals do not show it',
    doZh: '两处都要改正；总额相平时月末也要对明细',
    doEn: 'correct both; compare the details at the end of the month even when the totals are level',
  },
  disputed: {
    zh: '平台判为不一致',
    en: 'disputed by the platform',
    causeZh: '平台判为数据不一致，但给出的金额与我方相同：我方在上传之后改过，或给出的是上传的金额',
    causeEn:
      'the platform says that it differs and gives our own amounts: ours was changed after it was sent, or the amounts given are those that were sent',
    doZh: '我方已改正的，重新发 3202；没有改过的，用 5203 查询平台的金额',
    doEn: 'where ours was corrected since, send 3202 again; else query 5203 for the amounts of the platform',
  },
  severalDiffer: {
    zh: '多处不同',
    en: 'differs in several ways',
    causeZh: '同一编号下，归属与金额等多处不一致',
    causeEn: 'under one id whose it is and how much both differ',
    doZh: '逐项核对；多为编号被两笔结算使用',
    doEn: 'compare field by field; mostly one id was used for two settlements',
  },
} as const satisfies Readonly<Record<string, KindTrait>>

export type DiscrepancyKind = keyof typeof KINDS

export const DISCREPANCY_KINDS = Object.keys(KINDS).filter(
  (name): name is DiscrepancyKind => name in KINDS,
)

/** Sorted for a report: by kind, within a kind the larger effect first. */
export function inReportOrder<Item extends { kind: DiscrepancyKind; effect: readonly number[] }>(
  items: readonly Item[],
): readonly Item[] {
  const weight = ({ effect }: Item) => effect.reduce((sum, part) => sum + Math.abs(part), 0)
  const place = new Map(DISCREPANCY_KINDS.map((kind, index) => [kind, index]))
  return items.toSorted((left, right) => {
    const order = (place.get(left.kind) ?? 0) - (place.get(right.kind) ?? 0)
    return order === 0 ? weight(right) - weight(left) : order
  })
}
