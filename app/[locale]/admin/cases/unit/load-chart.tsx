export interface LoadBar {
  readonly key: string
  readonly name: string
  readonly open: number
  readonly overdue: number
}

export interface LoadChartProps {
  /** The subject of the drawing, for people who do not see it; its table has the figures. */
  readonly label: string
  readonly bars: readonly LoadBar[]
}
