/** What `pack new` writes: a small pack that passes `pack check` and `pack test`, with a remark on every part. */
export const SKELETON = `# 政策包骨架：逐项改成自己的规则，然后运行
#   qingfen pack check 本文件      检查写法
#   qingfen pack test 本文件       运行文末的算例；加 --explain 逐步说明不符的算例
# A pack to start from: change each part, then run the two commands above.

# 编号：小写字母、数字、- 和 /；同一产品的各版本编号相同。 Id, the same for every version.
pack: my-city/my-product
# 层：basic、major-illness、medical-aid、commercial …… Which layer it is.
kind: commercial
title: { zh: 我的惠民保, en: My city plan }
payer: { id: my-insurer, name: { zh: 承保公司, en: Insurer } }
# 生效首日与末日，没有末日可省略 to；版本、年度和保单是否在保，看入院那天（不写 by 就看结算那天）。
# First and last day in force; the day of admission decides (without by, the day of settlement).
effective: { from: 2024-01-01, to: 2024-12-31, by: admission }
# 条款或文件的名称与文号。 The document these rules come from.
source: 产品条款（示例）
# 只对持有本产品保单的人生效；社保包删去这一行。 Only for people who hold a policy.
requires: policy

# 每年变动的数字放在这里，条款用 $名称 引用。 Numbers that change from year to year.
parameters:
  deductible: 15000.00
  rate: 80%
  year-limit: 1000000.00

benefits:
  - id: in-scope
    title: { zh: 目录内自付费用, en: In-scope self-pay }
    # 每项待遇都要写出处。 Every benefit cites its clause.
    clause: 责任一
    # 何时适用；可用的事实见文档。 When it applies.
    when: visit.kind == "inpatient"
    # 赔哪些尚未支付的部分。 Which unpaid parts it works on.
    base: [inScope, preSelfPay]
    deductible: { per: policyYear, amount: $deductible }
    rate: $rate
    limits:
      - { on: payment, per: policyYear, amount: $year-limit }

cases:
  - name: 自付 35000
    # (35000 − 15000) × 80% = 16000
    given:
      visit: { kind: inpatient, start: 2024-03-01, end: 2024-03-10 }
      lines: [{ inScope: 35000.00 }]
      given: { payments: [], kinds: [basic] }
    expect: { payment: 16000.00, patient: 19000.00 }
  - name: 免赔额已用 10000
    # (7000 − 5000) × 80% = 1600
    given:
      visit: { kind: inpatient, start: 2024-03-01, end: 2024-03-10 }
      lines: [{ inScope: 7000.00 }]
      given: { payments: [], kinds: [basic] }
      counters: { in-scope.deductible: 10000.00 }
    expect: { payment: 1600.00 }
`
