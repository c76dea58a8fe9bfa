const BAR =
  'block h-2.5 w-full appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-teal [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-teal'

/** Shows how far something is that the server does by itself. */
export const ProgressBar = ({
  label,
  value,
  max,
}: {
  readonly label: string
  readonly value: number
  readonly max: number
}) => (
  <label className="block space-y-2">
    <span>{label}</span>
    <progress className={BAR} max={max} value={value} />
  </label>
)
