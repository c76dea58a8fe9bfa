'use client'
import { createContext } from 'react'
import type { DeviceKey } from './kiosk-key.ts'

/** The key of the device that this kiosk's page is open on; null outside of a kiosk. */
export const KioskKey = createContext<DeviceKey | null>(null)
