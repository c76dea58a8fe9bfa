-- accepted: whole-table: open requests alone, a handful; each ends where it was, as it goes on in the new table.
-- CreateEnum
CREATE TYPE "approval_state" AS ENUM ('asked', 'confirmed', 'refused', 'withdrawn', 'expired');

-- CreateTable
CREATE TABLE "approvals" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "digest" TEXT,
    "account_id" UUID,
    "asked_by_id" UUID NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "state" "approval_state" NOT NULL DEFAULT 'asked',
    "decided_by_id" UUID,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "approvals_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "approvals_open" ON "approvals"("asked_at", "id") WHERE (state = 'asked'::approval_state);

-- CreateIndex
CREATE INDEX "approvals_account_id_idx" ON "approvals"("account_id");

-- CreateIndex
CREATE INDEX "approvals_asked_by_id_idx" ON "approvals"("asked_by_id");

-- CreateIndex
CREATE INDEX "approvals_decided_by_id_idx" ON "approvals"("decided_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "approvals_one_open" ON "approvals"("subject") WHERE (state = 'asked'::approval_state);

-- AddForeignKey
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_asked_by_id_fkey" FOREIGN KEY ("asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_decided_by_id_fkey" FOREIGN KEY ("decided_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What is open goes on: with the post that the account has now beside the one that was asked for.
INSERT INTO "approvals" (id, kind, subject, content, account_id, asked_by_id, asked_at, expires_at)
SELECT r.id, 'account.' || r.kind, CASE r.kind WHEN 'invite' THEN 'address:' || r.email ELSE 'account:' || r.account_id END,
  CASE r.kind
    WHEN 'invite' THEN jsonb_build_object('email', r.email, 'name', r.name, 'after', p.after)
    WHEN 'change' THEN jsonb_build_object('accountId', r.account_id, 'before', p.before, 'after', p.after)
    WHEN 'email' THEN jsonb_build_object('accountId', r.account_id, 'before', p.before, 'email', r.email)
    ELSE jsonb_build_object('accountId', r.account_id, 'before', p.before)
  END,
  r.account_id, r.requested_by_id, r.requested_at, r.expires_at
FROM account_requests r
LEFT JOIN staff_accounts a ON a.id = r.account_id
CROSS JOIN LATERAL (SELECT
  jsonb_build_object('role', a.role, 'unitId', a.unit_id, 'agencyId', a.agency_id, 'carrierId', a.carrier_id) AS before,
  jsonb_build_object('role', r.role, 'unitId', r.unit_id, 'agencyId', r.agency_id, 'carrierId', r.carrier_id) AS after
) p
WHERE r.outcome IS NULL;

UPDATE account_requests SET outcome = 'expired', judged_at = now(), email = NULL, name = NULL WHERE outcome IS NULL;
