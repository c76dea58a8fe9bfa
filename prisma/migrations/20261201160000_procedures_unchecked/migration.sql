-- These codes could not be found with their names: the procedures go by a name of the portal’s own, as in cities/viet-nam/procedures.json.
UPDATE survey_parts
SET value = own.id
FROM (
  VALUES
    ('1.000593', 'ket-hon-luu-dong'),
    ('2.000748', 'cai-chinh-ho-tich-dan-toc'),
    ('1.009995', 'sua-chua-nha-o'),
    ('1.009997', 'dieu-chinh-giay-phep-nha-o'),
    ('1.009998', 'gia-han-giay-phep-nha-o'),
    ('2.001583', 'cong-ty-mot-thanh-vien'),
    ('2.001199', 'cong-ty-nhieu-thanh-vien'),
    ('2.002043', 'cong-ty-co-phan'),
    ('2.001610', 'doanh-nghiep-tu-nhan'),
    ('2.000488', 'ly-lich-tu-phap'),
    ('1.002809', 'doi-giay-phep-lai-xe'),
    ('1.002820', 'cap-lai-giay-phep-lai-xe'),
    ('2.000192', 'cap-lai-giay-phep-lao-dong')
) AS own (code, id)
WHERE facet = 'procedure' AND value = own.code;
