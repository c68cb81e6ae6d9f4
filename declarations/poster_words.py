# ruff: noqa: RUF001 (Cyrillic and Turkish letters are meant)
"""What posters say, in every language of workers.

Several languages stand on one paper side by side, whatever language the office works in, and their length is
fitted to the space: so they are kept here together, not in the catalogues. Short, imperative, level A2.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ciao_portal.languages import CODES, WORKER_CODES, direction


@dataclass(frozen=True, slots=True)
class Instructions:
    """The three steps in one language, the words above them, and how to go on without a QR code or signal.

    `short` are the steps in one line, for papers with little room.
    """

    language: str
    heading: str
    steps: tuple[str, str, str]
    typed: str
    no_signal: str
    short: str

    @property
    def direction(self) -> str:
        return direction(self.language)


INSTRUCTIONS = (
    Instructions(
        "nl",
        "Begin, pauze en einde registreren",
        ("Scan de code.", "Druk op de grote knop.", "Kijk of je het uur ziet."),
        "Lukt scannen niet? Typ het adres en de code.",
        "Geen signaal? Scan toch. Geen pagina? Noteer het uur, open ze later.",
        "Scan. Druk. Zie je het uur?",
    ),
    Instructions(
        "fr",
        "Enregistrer début, pause et fin",
        ("Scannez le code.", "Appuyez sur le grand bouton.", "Vérifiez que l’heure s’affiche."),
        "Scan impossible ? Tapez l’adresse et le code.",
        "Pas de réseau ? Scannez. Pas de page ? Notez l’heure, rouvrez-la plus tard.",
        "Scannez. Appuyez. L’heure ?",
    ),
    Instructions(
        "de",
        "Beginn, Pause und Ende erfassen",
        ("Code scannen.", "Große Taste drücken.", "Auf die Uhrzeit achten."),
        "Scannen geht nicht? Adresse und Code tippen.",
        "Kein Netz? Trotzdem scannen. Keine Seite? Uhrzeit notieren, später öffnen.",
        "Scannen. Drücken. Uhrzeit?",
    ),
    Instructions(
        "en",
        "Register start, break and end",
        ("Scan the code.", "Press the big button.", "Check that you see the time."),
        "Cannot scan? Type the address and the code.",
        "No signal? Scan anyway. No page? Note the time, open it later.",
        "Scan. Press. See the time.",
    ),
    Instructions(
        "pl",
        "Zarejestruj początek, przerwę i koniec",
        ("Zeskanuj kod.", "Naciśnij duży przycisk.", "Sprawdź, czy widzisz godzinę."),
        "Nie można zeskanować? Wpisz adres i kod.",
        "Brak sieci? I tak zeskanuj. Brak strony? Zapisz godzinę, otwórz później.",
        "Skanuj. Naciśnij. Zobacz czas.",
    ),
    Instructions(
        "pt",
        "Registar início, pausa e fim",
        ("Leia o código.", "Carregue no botão grande.", "Veja se aparece a hora."),
        "Não consegue ler? Escreva o endereço e o código.",
        "Sem rede? Leia na mesma. Sem página? Anote a hora e abra mais tarde.",
        "Leia. Carregue. Veja a hora.",
    ),
    Instructions(
        "ro",
        "Înregistrați începutul, pauza și sfârșitul",
        ("Scanați codul.", "Apăsați butonul mare.", "Verificați că vedeți ora."),
        "Nu puteți scana? Scrieți adresa și codul.",
        "Fără semnal? Scanați oricum. Fără pagină? Notați ora, deschideți mai târziu.",
        "Scanați. Apăsați. Vedeți ora.",
    ),
    Instructions(
        "bg",
        "Регистрирайте начало, почивка и край",
        ("Сканирайте кода.", "Натиснете големия бутон.", "Проверете дали виждате часа."),
        "Не може да се сканира? Напишете адреса и кода.",
        "Няма сигнал? Пак сканирайте. Няма страница? Запишете часа, отворете по-късно.",
        "Скан. Натисни. Виж часа.",
    ),
    Instructions(
        "es",
        "Registrar inicio, pausa y fin",
        ("Escanee el código.", "Pulse el botón grande.", "Compruebe que ve la hora."),
        "¿No puede escanear? Escriba la dirección y el código.",
        "¿Sin señal? Escanee igual. ¿Sin página? Anote la hora y ábrala más tarde.",
        "Escanee. Pulse. Vea la hora.",
    ),
    Instructions(
        "it",
        "Registrare inizio, pausa e fine",
        ("Scansioni il codice.", "Prema il pulsante grande.", "Controlli di vedere l’ora."),
        "Non riesce? Scriva l’indirizzo e il codice.",
        "Niente rete? Scansioni lo stesso. Niente pagina? Annoti l’ora, la apra dopo.",
        "Scansioni. Prema. Guardi l’ora.",
    ),
    Instructions(
        "tr",
        "Başlangıcı, molayı ve bitişi kaydedin",
        ("Kodu okutun.", "Büyük düğmeye basın.", "Saati gördüğünüzü kontrol edin."),
        "Kod okunmuyor mu? Adresi ve kodu yazın.",
        "Sinyal yok mu? Yine okutun. Sayfa yok mu? Saati not edin, sonra açın.",
        "Okutun. Basın. Saati görün.",
    ),
    Instructions(
        "uk",
        "Зареєструйте початок, перерву й кінець",
        ("Відскануйте код.", "Натисніть велику кнопку.", "Перевірте, чи видно час."),
        "Не сканується? Введіть адресу й код.",
        "Немає сигналу? Все одно скануйте. Немає сторінки? Запишіть час, відкрийте потім.",
        "Скануй. Натисни. Бачиш час?",
    ),
    Instructions(
        "ru",
        "Отметьте начало, перерыв и конец",
        ("Отсканируйте код.", "Нажмите большую кнопку.", "Проверьте, видно ли время."),
        "Не сканируется? Введите адрес и код.",
        "Нет сигнала? Всё равно сканируйте. Нет страницы? Запишите время, откройте потом.",
        "Скан. Нажмите. Видно время?",
    ),
    Instructions(
        "ar",
        "سجّل البداية والاستراحة والنهاية",
        ("امسح الرمز.", "اضغط الزر الكبير.", "تأكد من ظهور الوقت."),
        "لا يمكن المسح؟ اكتب العنوان والرمز.",
        "لا توجد شبكة؟ امسح الرمز مع ذلك. لا تظهر الصفحة؟ اكتب الوقت وافتحها لاحقًا.",
        "امسح. اضغط. انظر الوقت.",
    ),
    Instructions(
        "sq",
        "Regjistroni fillimin, pushimin dhe fundin",
        ("Skanoni kodin.", "Shtypni butonin e madh.", "Kontrolloni që shihni orën."),
        "Nuk skanohet? Shkruani adresën dhe kodin.",
        "Pa sinjal? Skanoni gjithsesi. Pa faqe? Shënoni orën, hapeni më vonë.",
        "Skanoni. Shtypni. Shihni orën.",
    ),
)

# Stand on every poster.
PORTAL_INSTRUCTIONS = tuple(one for one in INSTRUCTIONS if one.language in CODES)
FURTHER_CODES = tuple(code for code in WORKER_CODES if code not in CODES)
MOST_FURTHER = 4
# Above the way around the portal, where there is room for a few words only.
OTHERWISE = "Werkt het niet? · Ça ne marche pas ? · Geht es nicht? · Does it not work?"


def instructions_in(further: Iterable[str]) -> tuple[Instructions, ...]:
    """The portal's languages and these beside them, in the order of the lists."""
    wanted = set(further)
    return tuple(one for one in INSTRUCTIONS if one.language in CODES or one.language in wanted)
