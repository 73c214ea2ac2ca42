/**
 * Every fact a condition, table or formula may read. The bill reader, the CEL environment, the checker and
 * the documents all use this one table. A fact that a pack reads and a bill does not carry is refused with
 * `FACT_MISSING`; it never becomes a default.
 */
export type FactType = 'int' | 'bool' | 'string' | 'money' | 'date' | 'strings'

/** int: safe integer; money: fen; date: days since 1970-01-01; strings: list of strings. */
export type FactValue = number | boolean | string | readonly string[]

export interface FactTrait {
  readonly type: FactType
  readonly zh: string
  readonly en: string
  /** Closed set of values; a decision table over this fact must cover all of them. */
  readonly values?: readonly (string | number)[]
  /** The engine computes it; a bill does not carry it. */
  readonly derived?: true
  /** Field of the national interface with the same meaning. */
  readonly national?: string
}

const VISIT_KINDS = [
  'inpatient',
  'outpatient',
  'emergency',
  'chronic',
  'special',
  'pharmacy',
  'maternity',
  'daySurgery',
] as const

export const FACTS = {
  person: {
    id: { type: 'string', zh: '人员编号', en: 'person number', national: 'psn_no' },
    age: { type: 'int', zh: '年龄（周岁）', en: 'age in whole years', national: 'age' },
    sex: { type: 'string', zh: '性别', en: 'sex', values: ['male', 'female', 'unknown'] },
    insutype: {
      type: 'string',
      zh: '险种类型代码：310 职工，390 居民',
      en: 'insurance type code: 310 employees, 390 residents',
      national: 'insutype',
    },
    psnType: { type: 'string', zh: '人员类别代码', en: 'person type code', national: 'psn_type' },
    retired: { type: 'bool', zh: '退休', en: 'retired' },
    civilServant: { type: 'bool', zh: '公务员', en: 'civil servant' },
    rank: { type: 'string', zh: '职级', en: 'rank' },
    identities: {
      type: 'strings',
      zh: '救助身份：特困、低保、低保边缘、返贫致贫等',
      en: 'aid identities such as destitute or low income',
    },
    tier: { type: 'int', zh: '缴费档次', en: 'contribution tier' },
    region: {
      type: 'string',
      zh: '参保地医保区划',
      en: 'region of insurance',
      national: 'insuplc_admdvs',
    },
    income: { type: 'money', zh: '本人或家庭年收入', en: 'own or household income a year' },
    wage: { type: 'money', zh: '本人年工资', en: 'own wage a year' },
    consecutiveYears: { type: 'int', zh: '连续参保年数', en: 'consecutive years insured' },
    contributionGapMonths: { type: 'int', zh: '断缴月数', en: 'months without contribution' },
    claimFreeYears: { type: 'int', zh: '未报销年数', en: 'years without a claim' },
    student: { type: 'bool', zh: '学生', en: 'student' },
    disabled: { type: 'bool', zh: '残疾', en: 'disabled' },
    accountBalance: {
      type: 'money',
      zh: '个人账户余额（结算前）',
      en: 'personal account balance before settlement',
      national: 'balc',
    },
    tags: { type: 'strings', zh: '其他标签', en: 'other labels' },
  },
  visit: {
    id: { type: 'string', zh: '就诊ID', en: 'visit id', national: 'mdtrt_id' },
    kind: { type: 'string', zh: '就诊类别', en: 'kind of visit', values: VISIT_KINDS },
    medType: {
      type: 'string',
      zh: '医疗类别代码',
      en: 'medical category code',
      national: 'med_type',
    },
    start: {
      type: 'date',
      zh: '入院或就诊日期',
      en: 'admission or visit date',
      national: 'begntime',
    },
    end: { type: 'date', zh: '出院日期', en: 'discharge date', national: 'endtime' },
    days: {
      type: 'int',
      zh: '住院天数；没有写就是 end 减 start，至少 1',
      en: 'days of the stay; end less start, at least 1, when not stated',
    },
    icuDays: { type: 'int', zh: '重症监护天数', en: 'days in intensive care' },
    admissionNo: {
      type: 'int',
      zh: '年度内第几次住院；未给出时由累计推算',
      en: 'which admission of the year; from the counters when not stated',
    },
    place: {
      type: 'string',
      zh: '就医地',
      en: 'place of treatment',
      values: ['local', 'otherCity', 'otherProvince', 'abroad'],
    },
    referred: { type: 'bool', zh: '已转诊', en: 'referred' },
    filed: { type: 'bool', zh: '已异地备案', en: 'treatment elsewhere was registered' },
    emergency: { type: 'bool', zh: '急诊抢救', en: 'emergency' },
    diagnosis: { type: 'string', zh: '主要诊断编码', en: 'main diagnosis code' },
    diagnoses: { type: 'strings', zh: '全部诊断编码', en: 'all diagnosis codes' },
    disease: {
      type: 'string',
      zh: '慢特病或单病种编码',
      en: 'chronic or single-disease code',
      national: 'dise_codg',
    },
    operation: { type: 'string', zh: '手术编码', en: 'operation code' },
    accident: { type: 'bool', zh: '意外伤害', en: 'accident' },
    accidentId: { type: 'string', zh: '意外事故编号', en: 'accident id' },
    transferChain: { type: 'string', zh: '转院链编号', en: 'transfer chain id' },
    thirdPartyLiable: { type: 'bool', zh: '有第三方责任', en: 'a third party is liable' },
    ward: { type: 'string', zh: '病房类型', en: 'kind of ward' },
    department: { type: 'string', zh: '科室', en: 'department' },
    tags: { type: 'strings', zh: '其他标签', en: 'other labels' },
  },
  hospital: {
    id: {
      type: 'string',
      zh: '定点医药机构编号',
      en: 'institution code',
      national: 'fixmedins_code',
    },
    level: {
      type: 'int',
      zh: '医院级别（起付线用）1–3',
      en: 'hospital level for deductibles, 1 to 3',
      values: [1, 2, 3],
    },
    priceLevel: {
      type: 'int',
      zh: '医院级别（限价用）1–3',
      en: 'hospital level for price caps',
      values: [1, 2, 3],
    },
    grade: { type: 'string', zh: '等次，如 三甲', en: 'grade, e.g. 3A', national: 'hosp_lv' },
    community: { type: 'bool', zh: '社区或基层机构', en: 'community institution' },
    kind: { type: 'string', zh: '机构类型', en: 'kind of institution' },
    region: {
      type: 'string',
      zh: '就医地医保区划',
      en: 'region of treatment',
      national: 'mdtrtarea_admvs',
    },
    networks: { type: 'strings', zh: '所在网络名单', en: 'networks it belongs to' },
    tags: { type: 'strings', zh: '其他标签', en: 'other labels' },
  },
  policy: {
    id: { type: 'string', zh: '保单号', en: 'policy number' },
    product: { type: 'string', zh: '产品（政策包）', en: 'product (pack)' },
    plan: { type: 'string', zh: '计划或版本', en: 'plan or edition' },
    start: { type: 'date', zh: '起期', en: 'start date' },
    end: { type: 'date', zh: '止期', en: 'end date' },
    priority: { type: 'int', zh: '赔付顺位，小者先赔', en: 'order of payment, smaller first' },
    preExisting: { type: 'bool', zh: '既往症人群', en: 'pre-existing condition' },
    consecutiveYears: { type: 'int', zh: '连续投保年数', en: 'consecutive years held' },
    claimFreeYears: { type: 'int', zh: '未理赔年数', en: 'years without a claim' },
    familyId: { type: 'string', zh: '家庭单号', en: 'family id' },
    groupId: { type: 'string', zh: '团单号', en: 'group id' },
    insuredAge: { type: 'int', zh: '投保年龄', en: 'age at enrolment' },
    tags: { type: 'strings', zh: '其他标签', en: 'other labels' },
  },
  line: {
    id: { type: 'string', zh: '费用明细流水号', en: 'fee line id', national: 'feedetl_sn' },
    code: { type: 'string', zh: '医疗目录编码', en: 'catalogue code', national: 'med_list_codg' },
    name: { type: 'string', zh: '项目名称', en: 'item name' },
    chargeType: {
      type: 'string',
      zh: '收费项目类别 01–14',
      en: 'charge category 01–14',
      national: 'med_chrgitm_type',
    },
    chargeLevel: {
      type: 'string',
      zh: '甲乙丙',
      en: 'class A, B, C',
      values: ['A', 'B', 'C'],
      national: 'chrgitm_lv',
    },
    amount: { type: 'money', zh: '明细金额', en: 'line amount', national: 'det_item_fee_sumamt' },
    unitPrice: { type: 'money', zh: '单价', en: 'unit price', national: 'pric' },
    date: { type: 'date', zh: '费用发生日期', en: 'date of the charge', national: 'fee_ocur_time' },
    outside: { type: 'bool', zh: '院外购买', en: 'bought outside the hospital' },
    imported: { type: 'bool', zh: '进口', en: 'imported' },
    department: { type: 'string', zh: '开单科室', en: 'ordering department' },
    tags: { type: 'strings', zh: '其他标签', en: 'other labels' },
  },
  bill: {
    total: {
      type: 'money',
      zh: '总费用',
      en: 'whole bill',
      derived: true,
      national: 'medfee_sumamt',
    },
    inScope: {
      type: 'money',
      zh: '政策范围内',
      en: 'within scope',
      derived: true,
      national: 'inscp_scp_amt',
    },
    preSelfPay: { type: 'money', zh: '先行自付', en: 'first self-pay', derived: true },
    overLimit: { type: 'money', zh: '超限价', en: 'over the ceiling', derived: true },
    ownPay: { type: 'money', zh: '全自费', en: 'own pay', derived: true },
    socialPaid: {
      type: 'money',
      zh: '此前社保各层已付',
      en: 'paid by social layers so far',
      derived: true,
    },
    commercialPaid: {
      type: 'money',
      zh: '此前商业各层已付',
      en: 'paid by commercial layers so far',
      derived: true,
    },
    socialSettled: {
      type: 'bool',
      zh: '已经社保结算',
      en: 'settled by social insurance',
      derived: true,
    },
    settledKinds: {
      type: 'strings',
      zh: '已参与结算的层',
      en: 'kinds of layer that took part',
      derived: true,
    },
    supplement: { type: 'bool', zh: '补结算', en: 'this is a supplement', derived: true },
  },
} as const satisfies Record<string, Record<string, FactTrait>>

export type FactGroup = keyof typeof FACTS

/** Facts of one group as read from a bill: absent keys were not stated. */
export type FactSheet = Readonly<Record<string, FactValue>>
