'use client'
export { Broken as default } from '#components/layout/broken.tsx'
