-- A link that offers no second factor, and a session that was opened without one, are worth nothing any more.
DELETE FROM "invitations" WHERE "used_at" IS NULL;
DELETE FROM "staff_sessions";

-- AlterTable
ALTER TABLE "invitations" ADD COLUMN     "totp_secret" BYTEA;

-- AlterTable
ALTER TABLE "staff_accounts" ADD COLUMN     "totp_secret" BYTEA,
ADD COLUMN     "totp_step" INTEGER;

-- AlterTable
ALTER TABLE "staff_sessions" ADD COLUMN     "stepped_up_at" TIMESTAMPTZ(3) NOT NULL;

-- CreateTable
CREATE TABLE "recovery_codes" (
    "code_hash" BYTEA NOT NULL,
    "account_id" UUID NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "recovery_codes_pkey" PRIMARY KEY ("code_hash")
);

-- CreateIndex
CREATE INDEX "recovery_codes_account_id_idx" ON "recovery_codes"("account_id");

-- AddForeignKey
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;
