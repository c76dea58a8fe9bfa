-- CreateTable
CREATE TABLE "data_audits" (
    "id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3) NOT NULL,
    "whole" BOOLEAN NOT NULL,
    "size" BIGINT NOT NULL,
    "settled_id" BIGINT NOT NULL,
    "held" JSONB NOT NULL,
    "faults" INTEGER NOT NULL,
    "lines" TEXT[],
    "notes" TEXT[],

    CONSTRAINT "data_audits_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "data_audits_started_at_idx" ON "data_audits"("started_at" DESC);
