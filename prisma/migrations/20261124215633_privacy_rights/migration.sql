-- CreateEnum
CREATE TYPE "data_request_kind" AS ENUM ('correct', 'erase');

-- CreateEnum
CREATE TYPE "data_request_state" AS ENUM ('open', 'granted', 'refused');

-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "erased_at" TIMESTAMPTZ(3),
ADD COLUMN     "evidence_erased_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "consents" ADD COLUMN     "withdrawn_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "data_requests" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "area_id" TEXT NOT NULL,
    "kind" "data_request_kind" NOT NULL,
    "state" "data_request_state" NOT NULL DEFAULT 'open',
    "event_seq" INTEGER NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by_id" UUID,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "data_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "legal_holds" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "basis" TEXT NOT NULL,
    "placed_by_id" UUID NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "lift_basis" TEXT,
    "lifted_by_id" UUID,
    "lifted_at" TIMESTAMPTZ(3),

    CONSTRAINT "legal_holds_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "data_requests_case_id_asked_at_idx" ON "data_requests"("case_id", "asked_at");

-- CreateIndex
CREATE INDEX "data_requests_open_area" ON "data_requests"("area_id", "due_at", "id") WHERE (state = 'open'::data_request_state);

-- CreateIndex
CREATE INDEX "data_requests_open" ON "data_requests"("due_at", "id") WHERE (state = 'open'::data_request_state);

-- CreateIndex
CREATE INDEX "erasures_granted" ON "data_requests"("decided_at", "id") WHERE ((kind = 'erase'::data_request_kind) AND (state = 'granted'::data_request_state));

-- CreateIndex
CREATE UNIQUE INDEX "one_open_data_request" ON "data_requests"("case_id", "kind") WHERE (state = 'open'::data_request_state);

-- CreateIndex
CREATE INDEX "legal_holds_case_id_placed_at_idx" ON "legal_holds"("case_id", "placed_at");

-- CreateIndex
CREATE UNIQUE INDEX "one_legal_hold" ON "legal_holds"("case_id") WHERE (lifted_at IS NULL);

-- CreateIndex
CREATE INDEX "cases_over" ON "cases"("state_since", "id") WHERE ((erased_at IS NULL) AND (state = ANY (ARRAY['rejected'::case_state, 'withdrawn'::case_state, 'expired'::case_state, 'unblocked'::case_state])));

-- CreateIndex
CREATE INDEX "cases_over_with_evidence" ON "cases"("state_since", "id") WHERE ((erased_at IS NULL) AND (evidence_erased_at IS NULL) AND (state = ANY (ARRAY['rejected'::case_state, 'withdrawn'::case_state, 'expired'::case_state, 'unblocked'::case_state])));

-- AddForeignKey
ALTER TABLE "data_requests" ADD CONSTRAINT "data_requests_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
