-- AlterTable
ALTER TABLE "invitations" DROP COLUMN "totp_secret";
