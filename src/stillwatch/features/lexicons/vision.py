"""Phrases about what an image shows."""

CUES = {
    "strong": """
        in the image; in this image; the image shows; attached image; attached photo; this image; this photo; this picture; in the picture; in the photo; the image above; image below; uploaded image
        describe the image; describe this image; caption this; image caption; caption for the image; ocr; bounding box; bounding boxes; object detection; what objects; visible in; read the text in
        extract the text from; handwritten; scanned; chart in the image; diagram shown; figure shown; attached screenshot; photograph shows; x ray image; image url; from the image; from this image; visual question; segmentation mask
        identify what; my photo; an image of; a photo of; a picture of; images of
        图片中; 图中; 图像中; 这张图; 这张照片; 图片里; 照片里; 照片中; 描述图片; 描述这张; 看图; 附图; 附件图片; 识别图; 画像の中; この画像; この写真; 写真に; 画像に; 画像を説明; 添付画像; 図の; 画像から
        이미지에; 이 이미지; 이 사진; 사진 속; 사진에; 그림에; 첨부된 이미지; 이미지를 설명; 첨부 이미지
        en la imagen; esta imagen; en la foto; esta foto; describe la imagen; imagen adjunta; dans l image; cette image; cette photo; sur la photo; décris l image; décrivez l image; image jointe; sur l image
        auf dem bild; im bild; dieses bild; dieses foto; auf dem foto; beschreibe das bild; angehängte bild; na imagem; esta imagem; nesta imagem; na foto; descreva a imagem; imagem anexa; nesta foto
        на изображении; на картинке; на фото; это изображение; эту фотографию; опиши изображение; прикрепленном изображении; на фотографии
        في الصورة; هذه الصورة; صف الصورة; الصورة المرفقة; इस चित्र; इस छवि; तस्वीर में; छवि का वर्णन; चित्र में; इस तस्वीर
        attached picture; attached pictures; picture attached; image attached; photo attached; attached diagram; attached chart; attached figure; attached receipt; receipt in the photo; shown in the picture; shown in the image; the picture shows; the photo shows; people are wearing; what is written in; what is written on; look at the image; look at this; look at the picture; based on the image; based on the picture; according to the image; according to the chart; according to the figure; the screenshot shows; in the screenshot; in this screenshot; medical image; satellite image; ct scan; mri; visual; which color is the; how many people are; left of the; right of the; in the foreground; in the background of; 附上的图; 上图; 下图; 根据图片; 看这张; 添付の写真; 添付の画像; 写真を見; 図を見; 첨부한 사진; 사진을 보; 그림을 보; imagen muestra; foto adjunta; según la imagen; image montre; photo jointe; selon l image; bild zeigt; angehängten foto; laut bild; imagem mostra; foto anexa; segundo a imagem; картинка показывает; прикрепленное фото; судя по фото; الصورة المرفقة تظهر; حسب الصورة; संलग्न चित्र; संलग्न तस्वीर
    """,
    "clear": """
        image;; photograph; screenshot shows;; depicted; infographic;; logo shown; x ray; facial expression;
        图片; 照片; 图像; 画像; 写真; 이미지; 사진; imagen; foto; fotografía; image jointe; photographie; bild; imagem; изображение; фото; картинка; صورة; छवि; तस्वीर; चित्र
    """,
    "faint": """
        color; colors; shape; object; objects; visible; left; right; background; chart; diagram; figure; shown; describe
        photo; picture; camera; illustration; painting shown; scene; visual; meme; pixel; pixels; receipt
    """,
}
