-- AlterEnum
ALTER TYPE "flag_kind" ADD VALUE 'shared_many';
