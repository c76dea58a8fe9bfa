-- Returns every four characters of a case's number (HCM-XXXX-XXXX-C) that stand together, without prefix and hyphens.
CREATE OR REPLACE FUNCTION case_number_grams(number text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(substr(characters, at, 4) ORDER BY at), ARRAY[]::text[])
  FROM (SELECT replace(substr(number, 5), '-', '') AS characters) written,
    generate_series(1, greatest(length(characters) - 3, 0)) AS at
$$;
