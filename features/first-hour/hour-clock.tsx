'use client'
import { useEffect, useState } from 'react'

/** Counts down the minutes left; without JavaScript it shows the minutes left at page load. */
export function HourClock({
  until,
  minutes,
  left,
  over,
}: {
  /** ISO 8601. */
  readonly until: string
  readonly minutes: number
  /** Contains `{minutes}` as a placeholder. */
  readonly left: string
  readonly over: string
}) {
  const [now, tick] = useState(minutes)
  useEffect(() => {
    const look = () => tick(Math.ceil((new Date(until).getTime() - Date.now()) / 60_000))
    look()
    const clock = setInterval(look, 5_000)
    return () => clearInterval(clock)
  }, [until])
  return (
    <p role="timer" className="text-lg font-semibold" data-minutes-left={Math.max(0, now)}>
      {now > 0 ? left.replace('{minutes}', String(now)) : over}
    </p>
  )
}
