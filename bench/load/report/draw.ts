import { init, type EChartsOption } from 'echarts'
import type { Axis, Chart } from './results.ts'

const WIDTH = 720
const HEIGHT = 400
const FONT = 'system-ui, sans-serif'

/** A chart as an SVG document. */
export function drawChart(chart: Chart): string {
  const drawing = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT })
  drawing.setOption(optionOf(chart))
  const svg = drawing.renderToSVGString()
  drawing.dispose()
  return `${svg}\n`
}

/** Every name is written, also where it is narrow. */
const NAMED = {
  type: 'category' as const,
  nameLocation: 'middle' as const,
  nameGap: 30,
  axisLabel: { interval: 0, fontSize: 11 },
}

function optionOf({ title, x, y, series, isBar }: Chart): EChartsOption {
  const hasNames = typeof series[0]?.points[0]?.[0] === 'string'
  const legend = series.length > 1 ? { legend: { top: 36 } } : {}
  return {
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: FONT },
    title: { text: title, left: 'center', textStyle: { fontSize: 15 } },
    ...legend,
    grid: { left: 70, right: 40, top: 76, bottom: 50 },
    xAxis: hasNames
      ? { ...NAMED, name: x.name }
      : { ...axis(x), nameLocation: 'middle', nameGap: 30 },
    yAxis: axis(y),
    series: series.map(({ name, points }) => ({
      name,
      type: isBar === true ? ('bar' as const) : ('line' as const),
      data: points.map((point) => [...point]),
      ...(isBar === true && {
        barMaxWidth: 60,
        label: { show: true, position: 'top' as const, formatter: rounded },
      }),
      symbolSize: points.length > 50 ? 0 : 6,
    })),
  }
}

function axis({ name, isLog }: Axis) {
  return { type: isLog === true ? ('log' as const) : ('value' as const), name }
}

/** The height of a bar as it is written on it. */
function rounded({ value }: { readonly value?: unknown }): string {
  const height = Array.isArray(value) ? Number(value[1]) : 0
  return Math.round(height).toLocaleString('en')
}
