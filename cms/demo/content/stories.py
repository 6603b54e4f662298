"""Ten articles. Markets and stalls are samples and say so; nobody in them is a person."""

from cms.demo.content.story import Links, Live, Paragraphs, Product, Quote, Story, Video

STORIES: tuple[Story, ...] = (
    Story(
        key="cabai-naik",
        cooperative="melati",
        category="kabar-pasar",
        title="Cabai naik tiga hari, pasokan dari lereng mulai masuk (contoh)",
        summary="Harga cabai rawit merah di Pasar Melati (contoh) naik Rp4.000 sejak Minggu. Pengurus memperkirakan harga tertahan setelah truk dari lereng tiba Kamis.",
        picture="cabai",
        alt="Keranjang berisi cabai merah",
        body=(
            Paragraphs(
                "<p>Pada pukul 05.40 WIB, cabai rawit merah di Pasar Melati (contoh) tercatat Rp62.000–68.000 per kilogram. Tiga hari sebelumnya harganya masih Rp58.000–64.000. Bawang merah justru turun Rp1.500, karena panen di dua kabupaten datang hampir bersamaan.</p>"
                "<p>Kenaikan cabai pada akhir November bukan hal baru. Hujan yang datang sore hari membuat petani menunda petik: cabai yang dipetik basah cepat busuk di perjalanan. Pasokan yang tersisa datang dari kebun di dataran rendah, dan jumlahnya sedikit.</p>"
                "<h2>Kapan turun?</h2><p>Pengurus Koppas mencatat tiga truk dari lereng dijadwalkan tiba Kamis dini hari. Bila tidak tertahan hujan, harga biasanya mulai turun sehari sesudahnya, Rp2.000 sampai Rp3.000 per hari.</p>"
            ),
            Quote(
                "Harga di Siar adalah catatan pengurus pasar pada satu jam, bukan harga penawaran lapak.",
                "Redaksi Siar",
            ),
            Paragraphs(
                "<h2>Apa yang bisa Anda lakukan</h2><ul><li>Beli cabai merah besar untuk masakan yang tidak perlu terlalu pedas; selisihnya separuh harga.</li><li>Simpan cabai kering, jangan dicuci, di wadah tertutup beralas tisu. Di kulkas tahan sampai dua minggu.</li><li>Beli secukupnya. Menimbun membuat harga naik bagi semua orang, dan cabai busuk di rumah.</li></ul>"
            ),
            Video("harga"),
            Product("cabai-rawit-merah"),
        ),
    ),
    Story(
        key="sambal-tempe",
        cooperative="jawa-timur",
        category="dapur",
        title="Sambal goreng tempe yang tetap renyah sampai malam (contoh)",
        summary="Kuncinya tiga: tempe kering sebelum digoreng, minyak yang cukup panas, dan sambal yang dicampur paling akhir.",
        picture="sambal",
        alt="Wajan berisi sambal goreng tempe",
        body=(
            Paragraphs(
                "<p>Tempe goreng yang renyah pada siang hari sering menjadi lembek sebelum malam. Penyebabnya air: dari tempe sendiri, dari sambal, dan dari tutup wadah. Resep ini menghindari ketiganya.</p>"
                "<h2>Bahan untuk empat orang</h2><ul><li>300 gram tempe, usia satu atau dua hari</li><li>8 cabai merah keriting, 3 cabai rawit bila suka pedas</li><li>6 siung bawang merah, 3 siung bawang putih</li><li>2 sendok makan kecap manis, garam, sedikit gula</li><li>2 lembar daun salam, seruas lengkuas</li></ul>"
                "<h2>Cara membuat</h2><ol><li>Iris tempe setebal satu sentimeter, lalu potong dadu. Bentangkan di tampah sepuluh menit supaya permukaannya kering.</li><li>Panaskan minyak. Celupkan ujung sumpit kayu: bila muncul gelembung kecil, minyak siap.</li><li>Goreng tempe dengan api sedang sampai kuning kecokelatan, tiriskan tegak di saringan, bukan di piring.</li><li>Tumis bumbu ulek bersama salam dan lengkuas sampai airnya habis dan minyaknya keluar.</li><li>Masukkan kecap, aduk, matikan api. Campur tempe sesaat sebelum disajikan.</li></ol>"
            ),
            Video("tempe"),
            Paragraphs(
                "<p>Untuk bekal, simpan sambal dan tempe di wadah terpisah. Tempe yang sudah dingin betul boleh ditutup; yang masih hangat akan berembun.</p><p>Harga bahan untuk resep ini di Pasar Melati (contoh) sekitar Rp21.000, atau kurang dari Rp6.000 seporsi.</p>"
            ),
            Product("tempe-daun"),
        ),
    ),
    Story(
        key="membaca-neraca",
        cooperative="inkoppas",
        category="kelas-koperasi",
        title="Membaca neraca koperasi Anda dalam sepuluh menit (contoh)",
        summary="Neraca hanya punya dua sisi, dan keduanya selalu sama tinggi. Dengan tiga pertanyaan, setiap anggota bisa menilainya.",
        picture="buku",
        alt="Buku kas yang terbuka",
        body=(
            Paragraphs(
                "<p>Setiap tahun, sebelum rapat anggota, pengurus membagikan laporan keuangan. Banyak anggota menyimpannya tanpa dibaca, karena angkanya terlihat rumit. Padahal halaman terpentingnya, neraca, hanya menjawab dua hal: apa yang dimiliki koperasi, dan dari mana uangnya.</p>"
                "<h2>Sisi kiri: aset</h2><p>Aset adalah milik koperasi. Kas dan simpanan di bank bisa dipakai hari ini. Barang dagangan harus dijual dulu. Pinjaman kepada anggota harus ditagih dulu. Urutannya dari yang paling mudah menjadi uang.</p>"
                "<h2>Sisi kanan: utang dan modal</h2><p>Utang adalah uang orang lain yang harus dikembalikan. Modal adalah uang anggota: simpanan pokok, simpanan wajib, dan cadangan dari sisa hasil usaha. Jumlah utang dan modal selalu sama dengan jumlah aset. Kalau tidak sama, ada yang salah catat.</p>"
            ),
            Video("neraca"),
            Paragraphs(
                "<h2>Tiga pertanyaan untuk rapat</h2><ol><li><b>Berapa kas dibanding utang yang jatuh tempo tahun ini?</b> Bila kas kurang dari separuhnya, tanyakan rencananya.</li><li><b>Berapa pinjaman anggota yang terlambat lebih dari tiga bulan?</b> Di atas sepuluh persen adalah tanda bahaya.</li><li><b>Berapa cadangan bertambah tahun ini?</b> Koperasi yang membagi habis sisa hasil usahanya tidak punya bantalan.</li></ol>"
                "<p>Menurut Undang-Undang Perkoperasian, setiap anggota berhak meminta keterangan tentang perkembangan koperasi. Anda tidak perlu menunggu rapat untuk bertanya.</p>"
            ),
            Quote(
                "Cadangan bukan uang menganggur. Cadangan adalah payung yang dibeli sebelum hujan.",
                "Kelas Koperasi",
            ),
        ),
    ),
    Story(
        key="label-kemasan",
        cooperative="jawa-timur",
        category="naik-kelas",
        title="Lima hal yang harus ada pada label kemasan (contoh)",
        summary="Label yang lengkap membuat pembeli percaya dan membuka jalan ke toko oleh-oleh. Biayanya bisa kurang dari Rp300 sebungkus.",
        picture="kemasan",
        alt="Botol sambal dengan label",
        body=(
            Paragraphs(
                "<p>Dua botol sambal dengan isi yang sama dijual berdampingan. Yang satu polos, yang satu berlabel. Pembeli yang belum kenal hampir selalu mengambil yang berlabel, walaupun lebih mahal. Label adalah janji tertulis.</p>"
                "<h2>Yang harus ada</h2><ol><li><b>Nama produk</b>, bukan hanya merek. “Sambal bawang” lebih berguna daripada nama yang indah tetapi tidak jelas isinya.</li><li><b>Isi bersih</b> dalam gram atau mililiter, tanpa berat botol.</li><li><b>Daftar bahan</b>, dari yang terbanyak. Sebutkan kacang, udang, atau susu bila ada.</li><li><b>Nomor izin</b>: P-IRT untuk pangan olahan rumah tangga, dan tanda halal bila sudah bersertifikat. Keduanya punya masa berlaku; periksa setiap tahun.</li><li><b>Tanggal kedaluwarsa dan nama usaha</b> dengan alamat atau nomor yang bisa dihubungi.</li></ol>"
            ),
            Video("kemasan"),
            Paragraphs(
                "<h2>Mencetak murah</h2><p>Mulailah dengan stiker kertas berlapis, ukuran 5 × 8 sentimeter. Lima ratus lembar biasanya Rp120.000–150.000 di percetakan dekat pasar. Tanggal ditulis tangan dengan spidol permanen, jadi satu cetakan bisa dipakai untuk setiap kali produksi.</p><p>Pengurus Koppas dapat membantu mengurus P-IRT bersama-sama. Penyuluhan keamanan pangan cukup satu hari.</p>"
            ),
            Product("sambal-botol-200-g"),
            Links("Bacaan lain", (("Membaca neraca koperasi Anda", "membaca-neraca"),)),
        ),
    ),
    Story(
        key="giliran-tayang",
        cooperative="inkoppas",
        category="kabar-koperasi",
        title="Cara mendapat giliran tayang untuk lapak Anda (contoh)",
        summary="Setiap lapak yang terdaftar boleh mengirim satu segmen. Yang paling lama belum tayang didahulukan, dan daftarnya terbuka.",
        picture="pasar",
        alt="Lapak pasar pada pagi hari",
        body=(
            Paragraphs(
                "<p>Segmen Unggulan adalah tayangan pendek, sekitar lima belas detik, yang memperkenalkan satu produk dari satu lapak. Selama segmen berjalan, kartu produk tampil di bawah gambar. Penonton mengetuknya dan langsung mengobrol dengan pedagang lewat WhatsApp.</p>"
                "<h2>Empat langkah</h2><ol><li><b>Siapkan video.</b> Rekam dengan ponsel, mendatar, dekat cahaya. Tunjukkan barang, bukan wajah, bila Anda tidak nyaman.</li><li><b>Kirim lewat Studio.</b> Kalau sinyal terputus, unggahan berlanjut sendiri. Isi nama produk, harga, dan satuannya.</li><li><b>Tunggu pengurus.</b> Koppas memeriksa nomor, harga, dan izin produk. Bila perlu perbaikan, Anda menerima satu kalimat alasannya.</li><li><b>Lihat jadwal.</b> Setelah disetujui, segmen masuk giliran. Yang paling lama belum tayang didahulukan.</li></ol>"
            ),
            Live("nasional"),
            Paragraphs(
                "<h2>Yang tidak boleh</h2><p>Harga yang berbeda dari harga di lapak, janji kesehatan tanpa bukti, dan barang orang lain. Iklan rokok, obat keras, dan minuman beralkohol tidak diterima.</p><h2>Berapa biayanya?</h2><p>Tidak ada. Setiap segmen diberi tanda “Promosi” supaya penonton tahu. Waktu untuk promosi paling banyak seperlima dari siaran, jadi giliran kadang harus menunggu beberapa hari.</p>"
            ),
            Video("promo-tempe"),
        ),
    ),
    Story(
        key="jalan-rempah",
        cooperative="sulawesi-selatan",
        category="jalan-rempah",
        title="Jalan rempah hari ini: tiga minggu dari kebun ke lapak (contoh)",
        summary="Sekilo pala menempuh dua kapal dan satu truk sebelum sampai di lapak. Setiap perhentian menambah harga, dan susutnya ditanggung petani.",
        picture="rempah",
        alt="Peta pulau-pulau dengan perahu layar",
        body=(
            Paragraphs(
                "<p>Pala dipetik ketika kulitnya mulai merekah. Bijinya dipisah dari fuli yang merah, lalu dijemur terpisah: fuli beberapa hari, biji sampai enam minggu. Selama penjemuran beratnya susut hampir separuh. Susut inilah biaya pertama, dan yang paling sering dilupakan pembeli.</p>"
                "<h2>Dua kapal, satu truk</h2><p>Dari pulau-pulau kecil, karung dibawa perahu ke pelabuhan besar. Kapal barang membawanya ke Makassar, lalu ke Surabaya. Dari sana truk berjalan malam di pantai utara dan tiba sebelum pasar buka. Bila cuaca baik, seluruhnya tiga minggu.</p>"
            ),
            Video("rempah"),
            Paragraphs(
                "<h2>Siapa mendapat berapa</h2><p>Dalam contoh hitungan koperasi, dari setiap Rp100.000 harga di lapak, sekitar Rp52.000 sampai di petani, Rp18.000 untuk angkutan, Rp12.000 hilang sebagai susut dan sortir, Rp10.000 untuk pengepul, dan Rp8.000 untuk lapak. Bila koperasi di hulu dan di hilir berdagang langsung, bagian pengepul dapat dibagi kepada keduanya.</p>"
                "<h2>Memilih pala yang baik</h2><ul><li>Goyangkan: biji yang kering berbunyi di dalam cangkangnya.</li><li>Belah satu: garisnya jelas, tidak berjamur, baunya tajam.</li><li>Beli utuh dan parut sendiri. Bubuk cepat kehilangan wangi.</li></ul>"
            ),
            Product("pala-kering"),
        ),
    ),
    Story(
        key="ikan-segar",
        cooperative="anggrek",
        category="dapur",
        title="Memilih ikan segar: lihat, tekan, cium (contoh)",
        summary="Empat tanda yang bisa diperiksa dalam setengah menit di depan lapak, dan cara membawanya pulang tanpa rusak.",
        picture="ikan",
        alt="Dua ekor ikan di atas es",
        body=(
            Paragraphs(
                "<p>Ikan yang baik tidak perlu bumbu banyak. Di Pasar Anggrek (contoh), ikan datang dua kali: menjelang subuh dari kapal yang melaut semalam, dan sekitar pukul sembilan dari tempat pelelangan. Yang pertama biasanya lebih mahal Rp3.000 sampai Rp5.000 sekilo.</p>"
                "<h2>Empat tanda</h2><ol><li><b>Mata</b> jernih, menonjol, hitamnya pekat. Mata yang cekung dan keruh berarti sudah lama.</li><li><b>Insang</b> merah segar dan tidak berlendir. Minta izin kepada pedagang untuk mengangkatnya.</li><li><b>Daging</b> kenyal. Tekan dengan jari: bekasnya harus kembali.</li><li><b>Bau</b> seperti air laut, bukan amis menusuk.</li></ol>"
            ),
            Video("ikan"),
            Paragraphs(
                "<h2>Sampai di rumah</h2><p>Bawa kantong berisi es batu, apalagi bila perjalanan lebih dari setengah jam. Sesampainya di rumah, buang isi perut dan insang, cuci, keringkan, lalu simpan di bagian kulkas yang paling dingin. Masak hari itu juga. Untuk dibekukan, bungkus sekali masak supaya tidak perlu dicairkan berulang.</p>"
                "<p>Ikan kembung, tongkol, dan layang kaya lemak baik, dan harganya jauh di bawah ikan impor. Untuk anak kecil, pilih yang durinya besar dan mudah dilepas.</p>"
            ),
            Product("ikan-kembung"),
        ),
    ),
    Story(
        key="sagu-timur",
        cooperative="papua",
        category="jalan-rempah",
        title="Sagu: lumbung yang tumbuh sendiri di timur (contoh)",
        summary="Satu batang sagu memberi pati untuk satu keluarga selama berbulan-bulan. Di Pasar Matoa (contoh), tepung sagu kering kini dijual dalam kemasan sekilo.",
        picture="timur",
        alt="Pohon palem di tepi laut saat matahari terbit",
        body=(
            Paragraphs(
                "<p>Pohon sagu tumbuh di rawa, tanpa pupuk dan tanpa disiram. Satu batang yang cukup umur memberi 150 sampai 300 kilogram pati basah. Batang ditebang sebelum berbunga, dibelah, empulurnya diparut, lalu diperas dengan air. Pati mengendap dalam beberapa jam.</p>"
                "<h2>Dari tumang ke kemasan</h2><p>Dulu sagu dijual basah dalam tumang, anyaman daun yang beratnya belasan kilogram. Berat, dan cepat asam. Sekarang beberapa kelompok menjemurnya menjadi tepung kering. Kadar airnya rendah sehingga tahan berbulan-bulan dan mudah dikirim antarpulau.</p>"
            ),
            Video("timur"),
            Paragraphs(
                "<h2>Cara memasak papeda</h2><ol><li>Larutkan 100 gram tepung sagu dengan sedikit air dingin dan sejumput garam.</li><li>Tuang 600 mililiter air mendidih sedikit demi sedikit sambil diaduk ke satu arah.</li><li>Berhenti ketika warnanya berubah dari putih menjadi bening.</li></ol><p>Sajikan dengan ikan kuah kuning. Bagi yang belum biasa, campurkan sagu dengan tepung terigu untuk kue lempeng; separuh-separuh sudah enak.</p>"
                "<p>Sagu tidak mengandung gluten, dan harganya di Jayapura sekitar Rp25.000 sekilo tepung kering.</p>"
            ),
            Product("tepung-sagu"),
        ),
    ),
    Story(
        key="rapat-anggota",
        cooperative="inkoppas",
        category="kabar-koperasi",
        title="Rapat anggota tahunan disiarkan langsung, pertanyaan boleh dari rumah (contoh)",
        summary="Anggota yang tidak bisa hadir dapat mengikuti rapat lewat siaran langsung. Suara tetap diberikan di tempat, tetapi pertanyaan boleh dikirim sejak sekarang.",
        picture="pasar",
        alt="Lapak pasar pada pagi hari",
        body=(
            Paragraphs(
                "<p>Rapat anggota adalah kekuasaan tertinggi di koperasi. Di sinilah laporan pengurus diterima atau ditolak, pembagian sisa hasil usaha diputuskan, dan pengurus baru dipilih. Sayangnya, hari pasar sering membuat separuh anggota tidak datang.</p>"
                "<p>Tahun ini rapat contoh dari Koppas Melati (contoh) disiarkan langsung. Lapak yang tidak bisa ditinggal tetap dapat mendengarkan; pilihan <b>Dengar saja</b> hanya memakai sekitar 0,4 MB per menit.</p>"
                "<h2>Susunan acara</h2><ul><li>08.30 WIB: pendaftaran, bawa kartu anggota</li><li>09.00 WIB: laporan pengurus dan pengawas</li><li>10.30 WIB: tanya jawab</li><li>11.15 WIB: pemungutan suara</li></ul>"
            ),
            Live("nasional"),
            Paragraphs(
                "<h2>Mengirim pertanyaan</h2><p>Tulis satu pertanyaan, nama, dan nomor anggota, lalu serahkan kepada pengurus pasar paling lambat dua hari sebelum rapat. Pertanyaan yang serupa digabung dan dibacakan menurut urutan masuk.</p><h2>Apa yang perlu dibaca lebih dulu</h2><p>Neraca, perhitungan hasil usaha, dan rencana anggaran. Ketiganya hanya enam halaman. Bila waktu Anda sedikit, bacalah neraca; panduannya ada di bawah.</p>"
            ),
            Links("Sebelum rapat", (("Membaca neraca koperasi Anda", "membaca-neraca"),)),
        ),
    ),
    Story(
        key="hemat-kuota",
        cooperative="inkoppas",
        category="kabar-koperasi",
        title="Menonton seharian tanpa menghabiskan kuota (contoh)",
        summary="Pilih mutu yang sesuai layar, dengarkan saat tangan sibuk, dan unduh di Wi-Fi pasar. Begini hitungannya.",
        picture="harga",
        alt="Grafik batang dan garis",
        body=(
            Paragraphs(
                "<p>Tiga dari empat penonton memakai paket data yang dibayar per megabita. Karena itu setiap tombol putar di Siar menyebut harganya lebih dulu: berapa megabita semenit, dan kira-kira berapa rupiah.</p>"
                "<h2>Berapa satu jam?</h2><ul><li><b>Dengar saja</b>: sekitar 24 MB, kurang dari Rp100.</li><li><b>144p</b>: sekitar 60 MB. Cukup untuk layar ponsel kecil yang dilihat sekilas.</li><li><b>240p</b>: sekitar 190 MB. Tulisan harga sudah terbaca.</li><li><b>480p</b>: sekitar 450 MB. Untuk televisi di rumah atau layar pasar dengan Wi-Fi.</li></ul><p>Angkanya perkiraan: gambar yang tenang lebih ringan daripada gambar yang ramai. Meter di bawah pemutar menghitung yang sebenarnya.</p>"
            ),
            Quote(
                "Pasang mutu terendah yang masih terbaca. Mata cepat terbiasa, kuota tidak.",
                "Redaksi Siar",
            ),
            Paragraphs(
                "<h2>Tiga kebiasaan hemat</h2><ol><li>Saat melayani pembeli, ganti ke <b>Dengar saja</b>. Kabar harga dan kelas koperasi tetap bisa diikuti.</li><li>Tentukan tarif paket Anda di pengaturan Hemat Kuota, supaya hitungan rupiahnya tepat.</li><li>Bila koperasi Anda memasang Layar Pasar, tontonlah di sana. Satu sambungan untuk seluruh pasar.</li></ol>"
                "<p>Pilihan mutu diingat oleh ponsel Anda sendiri. Siar tidak menyimpan siapa menonton apa.</p>"
            ),
            Video("pagi"),
        ),
    ),
)
