-- A bank or wallet that is told of lost phones answers by itself.
ALTER TYPE "actor_kind" ADD VALUE IF NOT EXISTS 'receiver';
