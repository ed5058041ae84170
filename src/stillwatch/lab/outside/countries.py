"""Countries that users come from: share, time zone, languages spoken and access networks."""

from typing import NamedTuple


class Country(NamedTuple):
    """Weight among users, hours ahead of UTC, languages by share, and ASNs of access networks."""

    weight: float
    zone: float
    languages: list[str]
    networks: list[int]


COUNTRIES = {
    "US": Country(26, -6, ["en"], [7922, 7018, 701, 20115, 22773, 21928]),
    "GB": Country(7, 0, ["en"], [2856, 5089, 5607, 12576]),
    "DE": Country(6, 1, ["de", "en"], [3320, 3209, 6805, 8881]),
    "FR": Country(4, 1, ["fr"], [3215, 12322, 15557]),
    "ES": Country(3, 1, ["es"], [3352, 12479, 12430]),
    "IT": Country(2.5, 1, ["it"], [3269, 30722, 1267]),
    "BR": Country(6, -3, ["pt"], [28573, 18881, 27699, 26599]),
    "MX": Country(3, -6, ["es"], [8151, 13999, 28403]),
    "AR": Country(1.5, -3, ["es"], [7303, 11664]),
    "IN": Country(10, 5.5, ["en", "en", "en"], [9829, 55836, 24560, 45609]),
    "JP": Country(5, 9, ["ja"], [4713, 2516, 17676, 2527]),
    "KR": Country(3, 9, ["ko"], [4766, 9318, 3786]),
    "SG": Country(2, 8, ["en", "zh"], [9506, 4773, 3758]),
    "TW": Country(2, 8, ["zh"], [3462, 9924]),
    "HK": Country(1.6, 8, ["zh", "en"], [9304, 4760, 9269]),
    "ID": Country(3, 7, ["id"], [7713, 23693, 24203]),
    "VN": Country(2, 7, ["vi"], [7552, 45899, 18403]),
    "RU": Country(1.5, 3, ["ru"], [12389, 8402, 3216]),
    "TR": Country(2, 3, ["tr"], [9121, 47331]),
    "NL": Country(2, 1, ["en", "de"], [1136, 33915]),
    "PL": Country(1.6, 1, ["en"], [5617, 12741]),
    "CA": Country(4, -5, ["en", "fr"], [577, 812, 852]),
    "AU": Country(3, 10, ["en"], [1221, 4804, 7545]),
    "EG": Country(1, 2, ["ar"], [8452, 24863]),
    "SA": Country(1, 3, ["ar"], [25019, 39891]),
    "NG": Country(1.2, 1, ["en"], [29465, 37148]),
    "PH": Country(1.6, 8, ["en"], [9299, 132199]),
    "MY": Country(1, 8, ["en", "zh"], [4788, 9534]),
}
CODES = list(COUNTRIES)
WEIGHTS = [country.weight for country in COUNTRIES.values()]
