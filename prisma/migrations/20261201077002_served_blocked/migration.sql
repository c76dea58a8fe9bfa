-- A phone that a carrier told as blocked was let in.
ALTER TYPE "flag_kind" ADD VALUE IF NOT EXISTS 'served_blocked';
